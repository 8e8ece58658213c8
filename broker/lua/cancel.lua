-- The user said stop: the running turn learns of it with its next renewal; a waiting turn ends
-- as soon as it is taken, with what was pending at this moment. The mark is the number of
-- messages that end: so it stops nothing that came later, even when the turn changes hands.
-- ARGV: conversation
-- Returns running, waiting or idle
local conversation = ARGV[1]
local status, taken = unpack(call('HMGET', state(conversation), 'status', 'taken'))
if status == 'leased' then
  call('HSET', state(conversation), 'cancel', taken)
  return 'running'
end
local pending = call('LLEN', inbox(conversation))
if status == 'ready' and pending > 0 then
  call('HSET', state(conversation), 'cancel', pending)
  return 'waiting'
end
return 'idle'
