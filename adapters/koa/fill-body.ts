import { Readable } from 'node:stream'
import type { Context } from 'koa'
import { holedOf, type HoledBody, type HoledResponse } from '../../lib/responses/holed-response.js'
import type { Filling } from '../../lib/holes/holes.js'
import type { ResponseRecorder } from '../../lib/responses/response-recorder.js'
import { bytesAtHand, comesInParts, streamOf } from './body.js'
import { show } from './show.js'

/** What is shown as the body of a context, in the stead of one with holes, until they are filled. */
interface StandIn {
  readonly body: unknown
  /** Whether somebody has had it in hand, who may make another body of it. */
  taken: boolean
  /** Whether that was for its text, in which the holes are marked as in the body itself. */
  read: boolean
  /** Whether it was made of another that somebody had in hand. */
  readonly wrapped: boolean
}

const standIns = new WeakMap<object, StandIn>()

/**
 * From now on the context's body has holes. What is set as one is shown as a stream in which they are filled, so that middleware which encodes the
 * body has nothing else to encode.
 */
export function showFilled(context: Context, holed: HoledResponse): void {
  const { response } = context
  const inherited = accessorOf(response)
  Object.defineProperty(response, 'body', {
    configurable: true,
    get: () => {
      const standIn = standIns.get(context)
      if (standIn !== undefined) standIn.taken = true
      return inherited.get?.call(response) as unknown
    },
    set: (body: unknown) => {
      // Its type, its status and what becomes of it when it fails are as Koa makes them of the body itself.
      inherited.set?.call(response, body)
      if (body === null || body === undefined) {
        standIns.delete(context)
        return
      }
      const before = standIns.get(context)
      const changed = before !== undefined && before.taken && !(before.read && typeof body === 'string')
      const standIn = { body, taken: false, read: false, wrapped: changed || before?.wrapped === true }
      standIns.set(context, standIn)
      const shown = Readable.from(filledInTime(holed, body), { objectMode: false })
      if (typeof body === 'string') Object.defineProperty(shown, Symbol.toPrimitive, { value: () => textOf(standIn, body) })
      inherited.set?.call(response, shown)
    },
  })
}

/** Fills the holes in the context's body, if there are any, before middleware outside gets to see it. What is around them is the recorder's. */
export function fillBody(context: Context, recorder?: ResponseRecorder): void {
  const { res } = context
  const holed = holedOf(res)
  if (holed === undefined || holed.begun || context.respond === false || res.headersSent) return
  const standIn = standIns.get(context)
  Reflect.deleteProperty(context.response, 'body')
  const usable = standIn !== undefined && !standIn.wrapped
  // What is kept would have been through the hands of somebody further in.
  if (!usable) recorder?.refuse('hole-wrapped')
  else context.body = standIn.body
  const whole = usable ? bytesAtHand(context) : undefined
  const body = holed.begin(res, undefined)
  const instead = recorder?.head(undefined)
  if (instead !== undefined) {
    show(context, instead)
    return
  }
  holed.fill()
  if (whole !== undefined) {
    const sent = cut(body, whole, true, recorder)
    recorder?.end()
    context.body = sent.every(filling => Buffer.isBuffer(filling))
      ? Buffer.concat(sent)
      : Readable.from(inOrder(sent), { objectMode: false })
  } else if (usable) context.body = Readable.from(filledStream(body, bodyStream(standIn.body), recorder), { objectMode: false })
  else recorder?.end()
}

/** The handler has failed: what middleware outside answers in its stead waits for nobody to fill it. */
export function fillAfterFailure(context: Context): void {
  holedOf(context.res)?.fill()
}

/** For who adds to it: `ctx.body += '…'`. */
function textOf(standIn: StandIn, body: string): string {
  standIn.read = true
  return body
}

const NOTHING = Buffer.alloc(0)

function accessorOf(response: Context['response']): PropertyDescriptor {
  for (let holder: object | null = response; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const accessor = Object.getOwnPropertyDescriptor(holder, 'body')
    if (accessor !== undefined) return accessor
  }
  throw new TypeError('Expected a context of Koa to have a body')
}

function bodyStream(body: unknown): Readable {
  if (comesInParts(body)) return streamOf(body)
  const whole = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return Readable.from([Buffer.from(whole as string)])
}

async function* filledInTime(holed: HoledResponse, body: unknown): AsyncGenerator<Buffer> {
  await holed.filled
  yield* filledStream(holed.body(), bodyStream(body), undefined)
}

async function* filledStream(body: HoledBody, source: Readable, recorder: ResponseRecorder | undefined): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source as AsyncIterable<string | Uint8Array>) {
      yield* inOrder(cut(body, typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk), false, recorder))
    }
  } catch (error) {
    recorder?.abandon('stream')
    throw error
  }
  yield* inOrder(cut(body, NOTHING, true, recorder))
  recorder?.end()
}

function cut(body: HoledBody, bytes: Buffer, last: boolean, recorder: ResponseRecorder | undefined): readonly Filling[] {
  const { kept, sent } = body.next(bytes, last)
  for (const piece of kept) recorder?.chunk(piece)
  return sent
}

async function* inOrder(fillings: readonly Filling[]): AsyncGenerator<Buffer> {
  for (const filling of fillings) yield await filling
}
