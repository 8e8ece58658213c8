-- The user said stop: the running turn learns of it with its next renewal; a waiting turn ends
-- as soon as it is taken, with what was pending at this moment. The mark is the number of
-- messages that end: so it stops nothing that came later, even when the turn changes hands.
-- A stop may mean one answer. When that has been committed, what runs or waits now is another.
-- ARGV: conversation, fence of the answer that is meant or ''
-- Returns running, waiting or idle
local conversation, meant = ARGV[1], tonumber(ARGV[2])
local status, taken, over, before = unpack(call('HMGET', state(conversation), 'status', 'taken', 'over',
  'cancel'))
if meant and meant <= tonumber(over or 0) then return 'idle' end
if status == 'leased' then
  call('HSET', state(conversation), 'cancel', taken)
  return 'running'
end
local pending = meant and tonumber(taken or '') or call('LLEN', inbox(conversation))
if status == 'ready' and pending > 0 then
  call('HSET', state(conversation), 'cancel', math.max(pending, tonumber(before or '') or 0))
  return 'waiting'
end
return 'idle'
