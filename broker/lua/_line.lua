-- How many conversations are expected to be taken before a user's next one, when `own` of his wait
-- in front of it already: users take turns, so of every other user as many, and never more than wait.
local function in_front(model, user, own, waiting)
  local others = call('ZCARD', ready(model))
  if call('ZSCORE', ready(model), user) then others = others - 1 end
  return math.min(waiting, others * (own + 1) + own)
end

-- The wait in seconds for so many turns, from measured speed.
local function wait_for(model, turns)
  local counts = call('HMGET', clock(model), 'threads', 'turn_s')
  return turns * tonumber(counts[2] or 0) / math.max(1, tonumber(counts[1] or 1))
end
