-- The line in front of a conversation that waits; of another one, the line it would stand in.
-- ARGV: conversation, model
-- Returns {conversations in front, expected wait in ms}
local conversation, model = ARGV[1], ARGV[2]
local user = call('HGET', state(conversation), 'user') or ''
local waiting = tonumber(call('HGET', clock(model), 'ready') or 0)
local queue = lane(model .. ':' .. user)
local own = call('LPOS', queue, conversation)
if call('SISMEMBER', held(model), user) == 1 then waiting = waiting + call('LLEN', queue) end
if own then waiting = waiting - 1 end -- itself
local turns = math.max(0, in_front(model, user, own or call('LLEN', queue), waiting))
return {turns, math.ceil(wait_for(model, turns) * 1000)}
