-- How many turns of each user run at a time. Users take turns at being taken, but whoever has many
-- long turns would still hold every thread: so one user gets at most so many, and his further
-- conversations are held: they stay in his lane, outside the round, and do not count as ready.

-- The most turns of one user; nil: as many as he likes, for no worker is known.
local function most_of_one(model)
  return tonumber(call('HGET', clock(model), 'most') or '')
end

local function hold(model, user)
  call('SADD', held(model), user)
  keep(held(model))
  local place = call('ZSCORE', ready(model), user)
  if not place then return end
  call('ZREM', ready(model), user)
  call('ZADD', virtual(model), place, user)
  local waiting = call('LLEN', lane(model .. ':' .. user))
  if waiting > 0 then call('HINCRBY', clock(model), 'ready', -waiting) end
end

-- Returns whether there are more to take now.
local function let_go(model, user)
  if call('SREM', held(model), user) == 0 then return false end
  local waiting = call('LLEN', lane(model .. ':' .. user))
  if waiting == 0 then return false end
  call('HINCRBY', clock(model), 'ready', waiting)
  join_round(model, user)
  return true
end

local function turn_begins(model, user, most)
  if call('HINCRBY', serving(model), user, 1) >= (most or math.huge) then hold(model, user) end
end

-- Returns whether there are more to take now.
local function turn_ends(model, user, most)
  local left = call('HINCRBY', serving(model), user, -1)
  if left <= 0 then call('HDEL', serving(model), user) end
  return most ~= nil and left < most and let_go(model, user)
end

-- Keys expire and workers come and go: the leases are the truth.
local function recount_serving(model, most)
  local counts = {}
  for _, conversation in ipairs(call('ZRANGE', leases(model), 0, -1)) do
    local user = call('HGET', state(conversation), 'user')
    if user then counts[user] = (counts[user] or 0) + 1 end
  end
  local noted = call('HGETALL', serving(model))
  for i = 1, #noted, 2 do
    if not counts[noted[i]] then call('HDEL', serving(model), noted[i]) end
  end
  for _, user in ipairs(call('SMEMBERS', held(model))) do
    if (counts[user] or 0) < (most or math.huge) then let_go(model, user) end
  end
  for user, count in pairs(counts) do
    if tonumber(call('HGET', serving(model), user) or 0) ~= count then
      call('HSET', serving(model), user, count)
    end
    if count >= (most or math.huge) then hold(model, user) end
  end
end
