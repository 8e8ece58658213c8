-- Choose the model of a conversation: a waiting turn moves to its queue, a running one stays.
-- ARGV: conversation, model, retention s
local conversation, model = ARGV[1], ARGV[2]
retention_s = ARGV[3]
local fields = call('HMGET', state(conversation), 'status', 'model', 'user', 'tries')
call('HSET', state(conversation), 'chosen', model)
if fields[1] == 'ready' then
  move(conversation, fields[2], model, fields[3], tonumber(fields[4] or 0))
else
  call('HSET', state(conversation), 'model', model)
end
call('EXPIRE', state(conversation), retention_s)
return 1
