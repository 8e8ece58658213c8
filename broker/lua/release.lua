-- A worker that shuts down hands a conversation back: ready again, at its head, no try counted.
-- ARGV: model, owner, conversation, fence, retention s
-- Returns 1, or 0 when the lease was lost before
local model, owner, conversation, fence = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
retention_s = ARGV[5]
local fields = call('HMGET', state(conversation), 'fence', 'owner', 'model', 'user', 'tries')
if fields[1] ~= fence or fields[2] ~= owner or not call('ZSCORE', leases(model), conversation) then
  return 0
end
call('ZREM', leases(model), conversation)
call('DEL', partial(conversation))
if tonumber(fields[5] or 0) >= 2 then call('HDEL', clock(model), 'suspect') end
if turn_ends(model, fields[4], most_of_one(model)) then call_workers(model) end
make_ready(conversation, fields[3], fields[4], tonumber(fields[5] or 0), true)
call_workers(fields[3])
return 1
