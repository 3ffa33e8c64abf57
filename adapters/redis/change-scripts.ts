import { FIND, PURGE_REPLY } from './scripts.js'
import { SHARED } from './shared-lua.js'

/** What the scripts begin with that change what is kept under one key, as a purge of it. */
const KEEP = `
-- Ends what others have of the key, and whoever loads it.
local function change(epoch, position, key)
  redis.call('HSET', P .. 'meta', 'position', number(position))
  redis.call('DEL', P .. 'l:' .. key)
  wake(key)
end
-- A tag whose mark is not known was last purged no later than now.
local function prolong(tags, epoch, position, ttl)
  for _, tag in ipairs(cjson.decode(tags)) do
    if not mark(tag, epoch) then setmark(tag, epoch, position, 0, 0, ttl)
    elseif redis.call('PTTL', P .. 't:' .. tag) < tonumber(ttl) then redis.call('PEXPIRE', P .. 't:' .. tag, ttl) end
  end
end
-- Whoever put it was told that it had failed, and others may have purged and put since.
if time() > tonumber(ARGV[10]) then return redis.error_reply('LATE the value came too late') end
local epoch, position, floor, last, born = life(ARGV[1])
local key = ARGV[4]
position = position + 1
local function keep()
  change(epoch, position, key)
  prolong(ARGV[7], epoch, position, ARGV[3])
  redis.call('DEL', P .. 'e:' .. key)
  redis.call('HSET', P .. 'e:' .. key, 'x', epoch, 'p', number(position), 's', ARGV[5], 't', ARGV[7], 'v', ARGV[8], 'n', ARGV[11])
  redis.call('PEXPIRE', P .. 'e:' .. key, ARGV[6])
  record(epoch, position, ARGV[9])
end
`

/**
 * ARGV: fresh epoch, member, ms a tag lives, key, staleAt, ms to live, tags (JSON), envelope, purge of the key (JSON), not after (epoch ms), the number
 * that it is, or ''
 */
export const PUT = `${SHARED}${PURGE_REPLY}${KEEP}
keep()
return reply(epoch, position, born)
`

/** ARGV: as of PUT, and now. Answers nothing if something fresh is there. */
export const ADD = `${SHARED}${PURGE_REPLY}${FIND}${KEEP}
local entry, stale = find(key, epoch, floor, last)
if entry and tonumber(ARGV[12]) < stale then return false end
keep()
return reply(epoch, position, born)
`

/** ARGV: as of PUT, now, and what to add to the number that is there. Answers the number too. */
export const COUNT = `${SHARED}${PURGE_REPLY}${FIND}${KEEP}
local entry, stale, _, base = find(key, epoch, floor, last)
local count = ARGV[11]
if entry and tonumber(ARGV[12]) < stale then
  if not tonumber(base) then return redis.error_reply('NAN what is kept is not a number') end
  count = string.format('%.17g', tonumber(base) + tonumber(ARGV[13]))
  change(epoch, position, key)
  redis.call('HSET', P .. 'e:' .. key, 'p', number(position), 'c', count)
  record(epoch, position, ARGV[9])
else keep() end
local purged = reply(epoch, position, born)
purged[6] = count
return purged
`

/**
 * ARGV: as of PUT, the envelope that was found ('' for none), and whether it is fresh (0 or 1): then the new one takes its place, and its life and tags stay. Answers nothing if
 * something else is there by now.
 */
export const REPLACE = `${SHARED}${PURGE_REPLY}${FIND}${KEEP}
if (find(key, epoch, floor, last) or '') ~= ARGV[12] then return false end
if ARGV[13] == '0' then keep()
else
  change(epoch, position, key)
  redis.call('HSET', P .. 'e:' .. key, 'p', number(position), 'v', ARGV[8], 'n', ARGV[11])
  record(epoch, position, ARGV[9])
end
return reply(epoch, position, born)
`

/** ARGV: as of PUT, without tags, envelope and number, and now. Answers nothing if nothing fresh is there. */
export const TOUCH = `${SHARED}${PURGE_REPLY}${FIND}${KEEP}
local entry, stale, _, _, tags = find(key, epoch, floor, last)
if not entry or tonumber(ARGV[12]) >= stale then return false end
change(epoch, position, key)
-- What it was to outlive its freshness by, it still is.
local left = math.max(1, math.min(redis.call('PTTL', P .. 'e:' .. key) + tonumber(ARGV[5]) - stale, tonumber(ARGV[6])))
redis.call('PEXPIRE', P .. 'e:' .. key, number(left))
prolong(tags, epoch, position, number(left + tonumber(ARGV[3])))
redis.call('HSET', P .. 'e:' .. key, 'p', number(position), 's', ARGV[5])
record(epoch, position, ARGV[9])
return reply(epoch, position, born)
`
