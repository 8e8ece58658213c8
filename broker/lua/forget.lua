-- Start anew: the history goes, and with it what waits or is being answered: its worker finds
-- itself fenced off.
-- ARGV: conversation, retention s
-- Returns the number of turns forgotten
local conversation = ARGV[1]
retention_s = ARGV[2]
local turns = call('LLEN', history(conversation))
local status, queue, tries, fence, user = unpack(call('HMGET', state(conversation), 'status', 'queue',
  'tries', 'fence', 'user'))
if fence then call('HSET', state(conversation), 'over', fence) end
if status == 'leased' then
  call('ZREM', leases(queue), conversation)
  if tonumber(tries or 0) >= 2 then call('HDEL', clock(queue), 'suspect') end
  call('HDEL', state(conversation), 'status', 'owner')
  if user then turn_ends(queue, user, most_of_one(queue)) end
  call_workers(queue)
end
call('HDEL', state(conversation), 'told', 'cancel', 'tries', 'careful', 'nobody',
  'language')
call('DEL', history(conversation), inbox(conversation), partial(conversation), aside(conversation))
if queue then call('ZREM', poisoned(queue), conversation) end
return turns
