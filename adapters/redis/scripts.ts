import { LOOKING, PURGED_SINCE, SHARED } from './shared-lua.js'

/**
 * The atomic steps of the coherence protocol, one script each (docs/coherence.md; the names of its rules are in brackets). All keys of a shard share one hash tag, so
 * a script may build the names of tags and entries from the prefix that it is given.
 *
 * Under the prefix: `meta` (epoch, position, floor, last ban, how many bans), `j` (the journal, a stream), `m` (members by the end of their lease), `b` (bans),
 * `e:KEY` (an entry: epoch, position, staleAt, tags, envelope), `l:KEY` (a fill lease), `w:KEY` (who waits for it), `t:TAG` (epoch, hard
 * position, soft position, soft instant), `i:MEMBER` (a member's inbox, a stream), `o:TAG` (open intents by when they run out; `o:` those on
 * everything, `o` all there are).
 */

/** The entry that is valid, as an envelope, with its staleAt, what was counted since, what may be counted on from, and its tags. */
export const FIND = `
local function look(key, epoch, floor, last)
  local found = redis.call('HMGET', P .. 'e:' .. key, 'x', 'p', 's', 't', 'v', 'c', 'n')
  if found[1] == epoch and found[5] then
    local at, till, valid, soft = tonumber(found[2]), tonumber(found[3]), true, nil
    -- Nor is what is no number.
    if not (at >= floor) then valid = false end
    for _, tag in ipairs(cjson.decode(found[4])) do
      if not valid then break end
      local hard, softly, instant = mark(tag, epoch)
      -- Unknown is a miss. [valid]
      if not hard or hard > at then valid = false
      elseif softly > at and (not soft or instant < soft) then soft = instant end
    end
    if valid then
      local ended, outdated = bans(key, at, last)
      if ended then valid = false
      elseif outdated and (not soft or outdated < soft) then soft = outdated end
    end
    if valid then return found[5], math.min(till, soft or till), found[6] or '', found[6] or found[7], found[4], at end
  end
  return false, '', ''
end
-- Whatever else may lie where an entry should: what makes no sense is absent.
local function find(...)
  local sound, entry, stale, counted, base, tags, at = pcall(look, ...)
  if sound then return entry, stale, counted, base, tags, at end
  return false, '', ''
end
`

/**
 * ARGV: fresh epoch, key, now, to fill (0 or 1), token, lease ms, member, whether the entry is known to be unreadable (0 or 1), the position before which
 * the member cannot judge for itself
 */
export const READ = `${LOOKING}${FIND}
-- A replica may lag behind purges, and refuses all writing; without its replicas, a master may be one no more. A server that cannot save refuses too, but
-- what it has is good.
local writable = insist()
if type(writable) == 'table' and (string.find(writable.err, 'READONLY', 1, true) or string.find(writable.err, 'NOREPLICAS', 1, true)) then return writable end
local epoch, position, floor, last = life(ARGV[1])
local function leasedFor(member)
  local till = redis.call('ZSCORE', P .. 'm', member)
  return till and tonumber(till) - time() or 0
end
local key, now = ARGV[2], tonumber(ARGV[3])
local entry, stale, counted, _, _, at = find(key, epoch, floor, last)
if ARGV[8] == '1' then entry, stale, counted = false, '', '' end
-- It is good at this moment, and whoever has heard the journal since need not ask again.
if entry and at < tonumber(ARGV[9]) then redis.pcall('HSET', P .. 'e:' .. key, 'p', number(position), 's', number(stale)) end
if ARGV[4] == '0' or (entry and now < stale) then return { epoch, position, entry, stale and number(stale == '' and 0 or stale), '', 0, 0, counted } end
local held, holder = 0, redis.call('GET', P .. 'l:' .. key)
-- A question that a client sends again, because the answer was lost, finds its own lease. That of a process that has vanished or left is void.
if holder and holder ~= ARGV[5] then held = math.min(redis.call('PTTL', P .. 'l:' .. key), leasedFor(string.match(holder, '^(.*)%.'))) end
if held > 0 then
  redis.call('SADD', P .. 'w:' .. key, ARGV[7])
  redis.call('PEXPIRE', P .. 'w:' .. key, 60000)
  return { epoch, position, entry, number(stale == '' and 0 or stale), '', held, 0, counted }
end
-- Where nothing can be written, what is loaded cannot be kept, and still be shared.
local written = redis.pcall('SET', P .. 'l:' .. key, ARGV[5], 'PX', ARGV[6])
local contested = redis.call('ZCOUNT', P .. 'o', number(time()), '+inf')
return { epoch, position, entry, number(stale == '' and 0 or stale), written.err and '!' .. written.err or ARGV[5], 0, contested, counted }
`

export const PURGE_REPLY = `
local function reply(epoch, position, born)
  born = enrolled(epoch, born)
  local now = time()
  redis.call('ZREMRANGEBYSCORE', P .. 'm', '-inf', number(now - 60000))
  return { epoch, position, number(now - born), number(now), redis.call('ZRANGEBYSCORE', P .. 'm', '(' .. number(now), '(+inf', 'WITHSCORES') }
end
local function record(epoch, first, packed)
  redis.call('XADD', P .. 'j', 'MAXLEN', '~', 10000, '*', 'x', epoch, 'f', number(first), 'o', ARGV[2], 'r', packed)
end
`

/**
 * ARGV: fresh epoch, member, key, epoch, token, position, staleAt, ms to live, tags (JSON), envelope, ms a tag lives, ms a fill lease lasts, purge
 * of the key (JSON) if it supersedes what others have, or '', the number that it is, or ''
 */
export const FILL = `${SHARED}${PURGE_REPLY}${PURGED_SINCE}
local epoch, position, floor, last, born = life(ARGV[1])
local key, at = ARGV[3], tonumber(ARGV[6])
local left = redis.call('PTTL', P .. 'l:' .. key)
if redis.call('GET', P .. 'l:' .. key) ~= ARGV[5] then return false end
-- Changes nothing: a full server refuses it, and so the whole, before any of it is done.
redis.call('SETRANGE', P .. 'l:' .. key, 0, '')
-- What was loaded while a write was about to be committed may be older than the write, even if its writer has died since. [intentfills]
local begun = time() - (tonumber(ARGV[12]) - left)
local function intended(tag) return redis.call('ZCOUNT', P .. 'o:' .. tag, number(begun), '+inf') > 0 end
local function kept()
  -- [epoch] [fillcheck]
  if epoch ~= ARGV[4] or at < floor then return false end
  local good = not intended('')
  local purged
  for _, tag in ipairs(cjson.decode(ARGV[9])) do
    local hard, soft, instant = mark(tag, epoch)
    if not hard or hard > at then
      -- It may have been purged, and forgotten; or this is from when it was met for the first time. The journal knows. [missingstamp]
      if purged == nil then purged = purgedSince(at, position, epoch) end
      hard = (not purged or purged[tag]) and (hard or position) or at
      setmark(tag, epoch, hard, soft or 0, instant or 0, ARGV[11])
    elseif redis.call('PTTL', P .. 't:' .. tag) < tonumber(ARGV[11]) then
      redis.call('PEXPIRE', P .. 't:' .. tag, ARGV[11])
    end
    if hard > at or intended(tag) then good = false end
  end
  if not good or bans(key, at, last) then return false end
  redis.call('DEL', P .. 'e:' .. key)
  redis.call('HSET', P .. 'e:' .. key, 'x', epoch, 'p', ARGV[6], 's', ARGV[7], 't', ARGV[9], 'v', ARGV[10], 'n', ARGV[14])
  redis.call('PEXPIRE', P .. 'e:' .. key, ARGV[8])
  return true
end
local good = kept()
redis.call('DEL', P .. 'l:' .. key)
wake(key)
if not good then return false end
if ARGV[13] == '' then return { epoch, position } end
position = position + 1
redis.call('HSET', P .. 'meta', 'position', number(position))
redis.call('HSET', P .. 'e:' .. key, 'p', number(position))
record(epoch, position, ARGV[13])
return reply(epoch, position, born)
`

/** ARGV: fresh epoch, member, ms a tag lives that no entry carries, purges (JSON), intent, ms it stands (0 withdraws it), ms it is remembered */
export const PURGE = `${SHARED}${PURGE_REPLY}
insist()
local epoch, position, floor, last, born = life(ARGV[1])
local first = position + 1
local function intend(name)
  if ARGV[6] == '0' then return redis.call('ZREM', P .. name, ARGV[5]) end
  redis.call('ZADD', P .. name, number(time() + tonumber(ARGV[6])), ARGV[5])
  redis.call('PEXPIRE', P .. name, number(math.max(redis.call('PTTL', P .. name), tonumber(ARGV[7]))))
end
if ARGV[5] ~= '' then intend('o') end
for _, purge in ipairs(cjson.decode(ARGV[4])) do
  position = position + 1
  if ARGV[5] ~= '' then intend(purge.k == 'tag' and 'o:' .. purge.n or 'o:') end
  if purge.k == 'tag' then
    local hard, soft, at = mark(purge.n, epoch)
    if purge.s then setmark(purge.n, epoch, hard or position, position, purge.a, ARGV[3])
    else setmark(purge.n, epoch, position, soft or 0, at or 0, ARGV[3]) end
  elseif purge.k == 'key' then
    -- [leases]
    redis.call('DEL', P .. 'l:' .. purge.n)
    wake(purge.n)
    if purge.s then
      local stale = redis.pcall('HGET', P .. 'e:' .. purge.n, 's')
      if type(stale) == 'string' and (tonumber(stale) or 0) > purge.a then redis.call('HSET', P .. 'e:' .. purge.n, 's', number(purge.a)) end
    else redis.call('DEL', P .. 'e:' .. purge.n) end
  elseif purge.k == 'prefix' and purge.n == '' and not purge.s then
    floor = position
    redis.call('DEL', P .. 'b')
    redis.call('HSET', P .. 'meta', 'bans', 0)
  else
    local known = redis.call('LLEN', P .. 'b')
    if known ~= tonumber(redis.call('HGET', P .. 'meta', 'bans')) then
      floor = math.max(floor, last)
      redis.call('DEL', P .. 'b')
    end
    last = position
    purge.p = position
    purge.w = purge.w or ''
    redis.call('RPUSH', P .. 'b', cmsgpack.pack(purge))
    if redis.call('LLEN', P .. 'b') > 256 then floor = math.max(floor, cmsgpack.unpack(redis.call('LPOP', P .. 'b')).p) end
    redis.call('HSET', P .. 'meta', 'bans', redis.call('LLEN', P .. 'b'))
  end
end
redis.call('HSET', P .. 'meta', 'position', number(position), 'floor', number(floor), 'ban', number(last))
record(epoch, first, ARGV[4])
return reply(epoch, position, born)
`

/** ARGV: key and token, of each lease */
export const RELEASE = `${SHARED}
insist()
for at = 1, #ARGV, 2 do
  if redis.call('GET', P .. 'l:' .. ARGV[at]) == ARGV[at + 1] then
    redis.call('DEL', P .. 'l:' .. ARGV[at])
    wake(ARGV[at])
  end
end
return 1
`

/** ARGV: fresh epoch, member, lease ms, epoch known (or ''), id of the last record known, which is answered once more */
export const RENEW = `${SHARED}
insist()
local epoch, position, _, _, born = life(ARGV[1])
enrolled(epoch, born)
redis.call('ZADD', P .. 'm', number(time() + tonumber(ARGV[3])), ARGV[2])
local last = redis.call('XREVRANGE', P .. 'j', '+', '-', 'COUNT', 1)
local id = last[1] and last[1][1] or '0-0'
local records = {}
if ARGV[4] == epoch then records = redis.call('XRANGE', P .. 'j', ARGV[5], '+', 'COUNT', 2001) end
return { epoch, position, id, records, number(time()) }
`

/** ARGV: epoch, position, member, then the origins */
export const ACKNOWLEDGE = `${SHARED}
insist()
for i = 4, #ARGV do
  redis.call('XADD', P .. 'i:' .. ARGV[i], 'MAXLEN', '~', 1000, '*', 'm', ARGV[3], 'x', ARGV[1], 'p', ARGV[2])
  redis.call('PEXPIRE', P .. 'i:' .. ARGV[i], 60000)
end
return 1
`

/** ARGV: member. What it was to fill is anybody's from now on, and no purge waits for it. */
export const LEAVE = `${SHARED}
return redis.call('ZREM', P .. 'm', ARGV[1])
`

export const TIME = `${SHARED}
return number(time())
`
