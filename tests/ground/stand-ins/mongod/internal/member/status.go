package member

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/replset"
)

// The states of members that the stand-in has.
const (
	primaryState   = 1
	secondaryState = 2
	downState      = 8
	removedState   = 10
)

var stateNames = map[int]string{primaryState: "PRIMARY", secondaryState: "SECONDARY", downState: "(not reachable/healthy)", removedState: "REMOVED"}

func (c *client) getConfig(bson.Raw) (bson.Raw, error) {
	c.member.mutex.Lock()
	defer c.member.mutex.Unlock()
	if c.member.config == nil {
		return nil, command.NotYetInit
	}
	config := *c.member.config
	config.Term = c.member.view.Term
	return command.OK(bson.E{Key: "config", Value: config}), nil
}

func (c *client) getStatus(bson.Raw) (bson.Raw, error) {
	m := c.member
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.config == nil {
		return nil, command.NotYetInit
	}
	role, now := m.refresh(), time.Now()
	mine := removedState
	switch {
	case role.writable:
		mine = primaryState
	case role.secondary:
		mine = secondaryState
	}
	members := bson.A{}
	for _, member := range m.config.Members {
		members = append(members, m.memberStatus(member, role, mine, now))
	}
	last, at := m.lastWrite(), m.view.WrittenAt
	return command.OK(
		bson.E{Key: "set", Value: m.config.Name}, bson.E{Key: "date", Value: now}, bson.E{Key: "myState", Value: int32(mine)},
		bson.E{Key: "term", Value: m.view.Term}, bson.E{Key: "syncSourceHost", Value: ""}, bson.E{Key: "syncSourceId", Value: int32(-1)},
		bson.E{Key: "heartbeatIntervalMillis", Value: m.config.Settings.HeartbeatIntervalMillis},
		bson.E{Key: "majorityVoteCount", Value: int32(m.config.Majority())}, bson.E{Key: "writeMajorityCount", Value: int32(m.config.Majority())},
		bson.E{Key: "votingMembersCount", Value: int32(len(m.config.Members))}, bson.E{Key: "writableVotingMembersCount", Value: int32(len(m.config.Members))},
		bson.E{Key: "optimes", Value: bson.D{
			{Key: "lastCommittedOpTime", Value: last}, {Key: "lastCommittedWallTime", Value: at},
			{Key: "readConcernMajorityOpTime", Value: last}, {Key: "appliedOpTime", Value: last}, {Key: "durableOpTime", Value: last},
			{Key: "lastAppliedWallTime", Value: at}, {Key: "lastDurableWallTime", Value: at},
		}},
		bson.E{Key: "members", Value: members},
	), nil
}

func (m *Member) memberStatus(member replset.Member, role role, mine int, now time.Time) bson.D {
	self := member.ID == m.volume.Member
	life := m.life(member.ID)
	state, health := secondaryState, 1.0
	switch {
	case self:
		state = mine
	case !life.Lives || !now.Before(m.until):
		state, health = downState, 0
	case member.ID == role.primary:
		state = primaryState
	}
	status := bson.D{
		{Key: "_id", Value: int32(member.ID)}, {Key: "name", Value: member.Host}, {Key: "health", Value: health},
		{Key: "state", Value: int32(state)}, {Key: "stateStr", Value: stateNames[state]},
	}
	add := func(key string, value any) { status = append(status, bson.E{Key: key, Value: value}) }
	uptime, optime, at := now.Sub(life.Since), m.lastWrite(), m.view.WrittenAt
	if self {
		uptime = now.Sub(m.started)
	}
	if state == downState {
		uptime, optime, at = 0, bson.D{{Key: "ts", Value: bson.Timestamp{}}, {Key: "t", Value: int64(-1)}}, time.Unix(0, 0)
	}
	add("uptime", int32(uptime.Seconds()))
	add("optime", optime)
	add("optimeDate", at.Truncate(time.Second))
	if !self {
		add("optimeDurable", optime)
		add("optimeDurableDate", at.Truncate(time.Second))
		add("lastHeartbeat", life.At)
		add("lastHeartbeatRecv", life.At)
		add("pingMs", int64(0))
		message := ""
		if state == downState {
			message = "no heartbeat within the election timeout"
		}
		add("lastHeartbeatMessage", message)
	}
	source, sourceID := "", int32(-1)
	if primary := m.config.Member(role.primary); state == secondaryState && primary != nil {
		source, sourceID = primary.Host, int32(primary.ID)
	}
	add("syncSourceHost", source)
	add("syncSourceId", sourceID)
	add("infoMessage", "")
	if state == primaryState {
		add("electionTime", bson.Timestamp{T: uint32(m.view.ElectedAt.Unix()), I: 1})
		add("electionDate", m.view.ElectedAt.Truncate(time.Second))
	}
	add("configVersion", int32(m.config.Version))
	add("configTerm", m.view.Term)
	if self {
		add("self", true)
	}
	return status
}

func (m *Member) life(id int) link.Life {
	for _, life := range m.view.Members {
		if life.ID == id {
			return life
		}
	}
	return link.Life{}
}

// stepDown is replSetStepDown: writes that are under way end first, and none is taken any more.
func (c *client) stepDown(body bson.Raw) (bson.Raw, error) {
	m := c.member
	seconds, ok := body.Lookup("replSetStepDown").AsInt64OK()
	if !ok {
		seconds = 60
	}
	force, _ := body.Lookup("force").BooleanOK()
	catchUp, given := body.Lookup("secondaryCatchUpPeriodSecs").AsInt64OK()
	if !given && !force {
		catchUp = 10
	}
	switch {
	case seconds < 0:
		return nil, command.BadValue.Says("stepdown period must be a positive integer")
	case catchUp < 0:
		return nil, command.BadValue.Says("secondaryCatchUpPeriodSecs period must be a positive or absent")
	case given && catchUp > seconds:
		return nil, command.BadValue.Says("stepdown period must be longer than secondaryCatchUpPeriodSecs")
	}
	m.mutex.Lock()
	role := m.refresh()
	switch {
	case m.config == nil:
		m.mutex.Unlock()
		return nil, command.NotYetInit
	case !role.writable:
		m.mutex.Unlock()
		return nil, command.NotPrimary.Says("not primary so can't step down")
	case !force && !m.hasSuccessor():
		m.mutex.Unlock()
		return nil, command.TimeLimit.Says("No electable secondaries caught up as of %s. Please use the replSetStepDown command with the argument {force: true} to force node to step down.",
			time.Now().UTC().Format("2006-01-02T15:04:05.000-0700"))
	}
	m.standsAt = time.Now().Add(time.Duration(seconds) * time.Second)
	m.refresh()
	m.mutex.Unlock()
	m.writing.Wait()
	m.beat()
	m.awaitHandOver()
	return command.OK(), nil
}

// hasSuccessor tells whether another member can be elected; the mutex is held.
func (m *Member) hasSuccessor() bool {
	for _, member := range m.config.Members {
		if member.ID != m.volume.Member && member.Priority > 0 && m.life(member.ID).Lives {
			return true
		}
	}
	return false
}

// awaitHandOver waits until the lock is another's, but not for long: without a majority it is nobody's.
func (m *Member) awaitHandOver() {
	limit, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for {
		m.mutex.Lock()
		over, changed := m.view.Primary != m.volume.Member, m.changed
		m.mutex.Unlock()
		if over {
			return
		}
		select {
		case <-changed:
		case <-limit.Done():
			return
		}
	}
}

func (c *client) freeze(body bson.Raw) (bson.Raw, error) {
	seconds, _ := body.Lookup("replSetFreeze").AsInt64OK()
	m := c.member
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.config == nil {
		return nil, command.NotYetInit
	}
	if m.refresh().writable {
		return nil, command.BadValue.Says("cannot freeze node when primary or running for election. state: Primary")
	}
	m.standsAt = time.Now().Add(time.Duration(seconds) * time.Second)
	m.beat()
	return command.OK(), nil
}

// reconfigure is replSetReconfig.
func (c *client) reconfigure(body bson.Raw) (bson.Raw, error) {
	m := c.member
	m.configuring.Lock()
	defer m.configuring.Unlock()
	text, _ := body.Lookup("replSetReconfig").DocumentOK()
	force, _ := body.Lookup("force").BooleanOK()
	config, err := replset.Parse(text)
	if err != nil {
		return nil, command.InvalidConfig.Says("%v", err)
	}
	m.mutex.Lock()
	current, writable, self, set := m.config, m.refresh().writable, m.volume.Member, m.volume.Set
	m.mutex.Unlock()
	switch {
	case current == nil:
		return nil, command.NotYetInit
	case !writable && !force:
		return nil, command.NotPrimary.Says("Safe reconfig is only allowed on a writable PRIMARY. Current state SECONDARY")
	case config.Name != current.Name:
		return nil, command.Incompatible.Says("New and old configurations differ in replica set name; old was %s, and new is %s", current.Name, config.Name)
	case config.Version <= current.Version && !force:
		return nil, command.Incompatible.Says("New replica set configuration version must be greater than old, but %d is not greater than %d for replica set %s",
			config.Version, current.Version, config.Name)
	case config.Member(self) == nil:
		return nil, command.NodeNotFound.Says("No host described in new configuration with {version: %d, term: %d} for replica set %s maps to this node",
			config.Version, current.Term, config.Name)
	}
	config.Version = max(config.Version, current.Version+1)
	config.Settings.ReplicaSetID = current.Settings.ReplicaSetID
	for _, member := range config.Members {
		if known := current.Member(member.ID); known == nil || known.Host != member.Host {
			if err := m.tellToJoin(member.Host, set, member.ID); err != nil {
				return nil, command.NodeNotFound.Says("%s failed with %v", member.Host, err)
			}
		}
	}
	if _, err := m.server.Ask(link.Open{Set: set, Question: link.Reconfig, Config: command.Document(config)}); err != nil {
		return nil, command.NodeNotFound.Says("stand-in: %v", err)
	}
	return command.OK(), nil
}
