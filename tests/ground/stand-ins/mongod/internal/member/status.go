package member

import (
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
