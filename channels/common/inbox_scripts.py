"""The Lua of the inbox: each change of it is one script, and so happens whole or not at all.

Their arguments begin with the third (core.mailboxes).
"""

from channels.common.outbox_scripts import PUT

#: How long a message is known by its key, and how long what was answered.
_SEEN_S, _OUTCOME_S = 24 * 3600, 3600

_KEYS = f"""
local seen_s, outcome_s = {_SEEN_S}, {_OUTCOME_S}
local function outcome_key(id) return own .. ':outcome:' .. id end
local function waiting_key(id) return own .. ':waiting:' .. id end
"""
ACCEPT = (
    _KEYS
    + """
local id, box, item, token, most, most_of_all, wait_ms = unpack(ARGV, 3)
local seen = own .. ':seen:' .. id
local new = redis.call('EXISTS', seen) == 0
if new and (redis.call('LLEN', list(own, box)) >= tonumber(most) or
    tonumber(redis.call('GET', own .. ':size') or 0) >= tonumber(most_of_all)) then
  return {'full', 0}
end
if tonumber(wait_ms) > 0 and redis.call('EXISTS', outcome_key(id)) == 0 then
  redis.call('SET', waiting_key(id), '', 'PX', wait_ms)
end
if not new then return {'repeated', 0} end
redis.call('SET', seen, '', 'EX', seen_s)
add(own, box, item)
local ends = redis.call('ZSCORE', own .. ':leases', box)
if ends and tonumber(ends) > now then return {'queued', 0} end
return {'mine', hold(own, box, token)}
"""
)
#: An outcome that is settled before is the empty one: whoever waited has given up.
FINISH = (
    _KEYS
    + PUT
    + """
local box, token, id, outcome = unpack(ARGV, 3, 6)
if not holds(own, box, token) then return -1 end
if drop(own, box, id) then
  local settled = redis.call('EXISTS', outcome_key(id)) == 1
  local waits = redis.call('EXISTS', waiting_key(id)) == 1
  if outcome ~= '' and waits and not settled then
    redis.call('SET', outcome_key(id), outcome, 'EX', outcome_s)
    local of = own .. ':outcomes:' .. box
    redis.call('ZREMRANGEBYSCORE', of, '-inf', now - outcome_s * 1000)
    redis.call('ZADD', of, now, id)
    redis.call('EXPIRE', of, outcome_s)
  else
    redis.call('SET', outcome_key(id), '', 'EX', outcome_s)
    for i = 7, #ARGV, 3 do put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
  end
end
return go_on(own, box)
"""
)
GIVE_UP = (
    _KEYS
    + """
local id = ARGV[3]
local settled = redis.call('GET', outcome_key(id))
if settled then return settled end
redis.call('SET', outcome_key(id), '', 'EX', outcome_s)
return false
"""
)
#: A head that is being answered stays: its answer is owed, and it goes with it. So does what stands
#: behind it: it came after the word to forget.
FORGET = (
    _KEYS
    + """
local box = ARGV[3]
local of = own .. ':outcomes:' .. box
for _, id in ipairs(redis.call('ZRANGE', of, 0, -1)) do
  redis.call('SET', outcome_key(id), '', 'XX', 'KEEPTTL')
end
redis.call('DEL', of)
local ends = redis.call('ZSCORE', own .. ':leases', box)
if ends and tonumber(ends) > now then return 0 end
return clear(own, box)
"""
)
