import type { Entry } from '../entries/entry.js'
import { handedOut, keepable, type Keepable } from '../entries/keepable.js'
import { Scope } from '../scope/scope.js'
import type { Engine } from './engine.js'
import type { Policy } from './policy.js'
import type { Lead } from './visit.js'

/**
 * What is kept under the key (a full name), or else what `loader` brings, kept. One loads, however many ask.
 * @throws what the loader throws
 */
export async function load(engine: Engine, key: string, loader: () => unknown, policy: Policy): Promise<unknown> {
  const visit = await engine.visit(key, policy.tags)
  switch (visit.state) {
    case 'fresh':
    case 'collapsed':
      return valueOf(visit.entry)
    case 'stale':
      if (visit.lead !== undefined) void refresh(engine, visit.lead, loader, policy)
      return valueOf(visit.entry)
    case 'miss':
      return fly(engine, visit.lead, loader, policy, visit.spare)
    case 'failed':
      throw visit.error
    case 'alone':
      return loadAlone(engine, loader, policy)
  }
}

/** What a reader is handed of an entry: what is kept itself, if nobody can change that, or a copy of his own. */
export function valueOf(entry: Entry): unknown {
  return entry.shareable ? entry.value : handedOut(entry.value)
}

async function fly(engine: Engine, lead: Lead, loader: () => unknown, policy: Policy, spare: Entry | undefined): Promise<unknown> {
  let value: unknown
  try {
    value = await engine.scopes.run(lead.scope, async () => loader())
  } catch (error) {
    await engine.fail(lead, error, spare)
    if (spare === undefined) throw error
    engine.servedInstead(spare, error)
    return valueOf(spare)
  }
  const content = await contentOf(engine, lead, value, policy)
  return content === undefined ? value : valueOf(await engine.keep(lead, content, policy))
}

async function refresh(engine: Engine, lead: Lead, loader: () => unknown, policy: Policy): Promise<void> {
  try {
    await fly(engine, lead, loader, policy, undefined)
  } catch (error) {
    engine.announce.error('refresh', lead.flight.key, error)
  }
}

async function loadAlone(engine: Engine, loader: () => unknown, policy: Policy): Promise<unknown> {
  const scope = new Scope(policy.tags)
  try {
    return await engine.scopes.run(scope, async () => loader())
  } finally {
    engine.inheritUnkept(scope, policy)
    engine.scopes.close(scope)
  }
}

/** The value made ready to be kept; of one that cannot be, an announcement, and the lead ends without a share for anybody. */
async function contentOf(engine: Engine, lead: Lead, value: unknown, policy: Policy): Promise<Keepable | undefined> {
  try {
    return keepable(value)
  } catch (error) {
    engine.announce.error('keep', lead.flight.key, error)
    engine.inheritUnkept(lead.scope, policy)
    await engine.unshare(lead, 'unkeepable')
    return undefined
  }
}
