"""The Lua of the outbox: each change of it is one script, and so happens whole or not at all.

Their arguments begin with the third (core.mailboxes).
"""

#: How long a key is known: longer than anything is tried again.
_KNOWN_S = 14 * 24 * 3600

#: Puts a message in its line, unless its key is known; used by the inbox's scripts too. A line
#: that is parked or waits to be tried again goes on doing so.
PUT = (
    f"local known_s, outbox = {_KNOWN_S}, 'outbox'"
    + """
local function put(id, line, item)
  if not redis.call('SET', outbox .. ':known:' .. id, '', 'NX', 'EX', known_s) then return 0 end
  if redis.call('EXISTS', list(outbox, line)) == 0 then due(outbox, line, now) end
  add(outbox, line, item)
  return 1
end
"""
)
PUT_ALL = (
    PUT
    + """
local count = 0
for i = 3, #ARGV, 3 do count = count + put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
return count
"""
)
#: Writes the head anew and leaves the line alone until a moment, or until it is woken.
LEAVE = """
local line, token, id, item, wait_ms, park_ms = unpack(ARGV, 3)
if not holds(own, line, token) then return -1 end
local head = redis.call('LINDEX', list(own, line), 0)
if head and id_of(head) == id then redis.call('LSET', list(own, line), 0, item) end
let_go(own, line)
if wait_ms ~= '' then
  due(own, line, now + tonumber(wait_ms))
elseif redis.call('DEL', own .. ':woken:' .. line) == 1 then
  due(own, line, now)
else
  redis.call('ZADD', own .. ':parked', now + tonumber(park_ms), line)
end
return 1
"""
#: A line that is being sent may be about to be parked for what was true before the person wrote.
#: That is remembered for longer than any message takes to be sent.
WAKE = """
for i = 3, #ARGV do
  if redis.call('ZREM', own .. ':parked', ARGV[i]) == 1 then
    due(own, ARGV[i], now)
  elseif redis.call('HEXISTS', own .. ':holders', ARGV[i]) == 1 then
    redis.call('SET', own .. ':woken:' .. ARGV[i], '', 'PX', 2 * lease)
  end
end
"""
EXPIRE = """
local count = 0
for _, line in ipairs(redis.call('ZRANGEBYSCORE', own .. ':parked', '-inf', now)) do
  redis.call('ZREM', own .. ':parked', line)
  count = count + clear(own, line)
end
return count
"""
FORGET = """
local count = 0
for i = 3, #ARGV do
  redis.call('ZREM', own .. ':parked', ARGV[i])
  redis.call('DEL', own .. ':woken:' .. ARGV[i])
  count = count + clear(own, ARGV[i])
end
return count
"""
