-- The user said stop: the running turn learns of it with its next renewal; a waiting turn ends
-- as soon as it is taken, with what was pending at this moment.
-- ARGV: conversation
-- Returns running, waiting or idle
local conversation = ARGV[1]
local status = call('HGET', state(conversation), 'status')
if status == 'leased' then
  call('HSET', state(conversation), 'cancel', 'stop')
  return 'running'
elseif status == 'ready' then
  call('HSET', state(conversation), 'cancel', call('LLEN', inbox(conversation)))
  return 'waiting'
end
return 'idle'
