package member

import (
	"encoding/binary"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/frame"
)

// What FerretDB speaks: MongoDB 7.0.
const maxWireVersion = 21

// hello answers at once, or, to a client that knows the state already, when something changes. A client that allows it is told
// every further change without asking again.
func (c *client) hello(request *frame.Message) error {
	wait, waits := request.Body.Lookup("maxAwaitTimeMS").AsInt64OK()
	known, _ := request.Body.Lookup("topologyVersion").DocumentOK()
	stream := waits && request.Flags&wiremessage.ExhaustAllowed != 0
	for to := request; ; {
		if waits && known != nil {
			c.awaitChange(known, time.Duration(wait)*time.Millisecond)
		}
		body, version := c.member.describeItself(c, request)
		answer := to.Answer(body)
		if stream {
			answer.Flags |= wiremessage.MoreToCome
		}
		if err := answer.Write(c); err != nil || !stream {
			return err
		}
		known, to = command.Document(version), answer
	}
}

func (c *client) awaitChange(known bson.Raw, wait time.Duration) {
	m := c.member
	process, _ := known.Lookup("processId").ObjectIDOK()
	counter, _ := known.Lookup("counter").AsInt64OK()
	m.mutex.Lock()
	m.refresh()
	same, changed := process == m.instance && counter == m.counter, m.changed
	m.mutex.Unlock()
	if !same {
		return
	}
	select {
	case <-changed:
	case <-time.After(wait):
	case <-c.context.Done():
	}
}

// topologyVersion tells drivers which of two answers is the newer one.
func (m *Member) topologyVersion() bson.D {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return bson.D{{Key: "processId", Value: m.instance}, {Key: "counter", Value: m.counter}}
}

func (m *Member) describeItself(c *client, request *frame.Message) (bson.Raw, bson.D) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	role := m.refresh()
	version := bson.D{{Key: "processId", Value: m.instance}, {Key: "counter", Value: m.counter}}
	if m.ending {
		return command.ShutdownStarted.Answer(request, bson.E{Key: "topologyVersion", Value: version}).Body, version
	}
	body := bson.D{}
	add := func(key string, value any) { body = append(body, bson.E{Key: key, Value: value}) }
	if helloOK, _ := request.Body.Lookup("helloOk").BooleanOK(); helloOK {
		add("helloOk", true)
	}
	add("topologyVersion", version)
	writable := "isWritablePrimary"
	if request.Command() != "hello" {
		writable = "ismaster"
	}
	if m.config == nil {
		add(writable, false)
		add("secondary", false)
		add("info", "Does not have a valid replica set config")
		add("isreplicaset", true)
	} else {
		m.describeSet(role, writable, add)
	}
	add("maxBsonObjectSize", int32(16777216))
	add("maxMessageSizeBytes", int32(frame.MaxLength))
	add("maxWriteBatchSize", int32(100000))
	add("localTime", time.Now())
	add("logicalSessionTimeoutMinutes", int32(30))
	add("connectionId", c.id)
	add("minWireVersion", int32(0))
	add("maxWireVersion", int32(maxWireVersion))
	add("readOnly", false)
	if _, err := request.Body.LookupErr("saslSupportedMechs"); err == nil {
		add("saslSupportedMechs", bson.A{"SCRAM-SHA-256"})
	}
	return command.OK(body...), version
}

func (m *Member) describeSet(role role, writable string, add func(string, any)) {
	hosts, passives, arbiters := bson.A{}, bson.A{}, bson.A{}
	for _, member := range m.config.Members {
		switch {
		case member.Hidden:
		case member.ArbiterOnly:
			arbiters = append(arbiters, member.Host)
		case member.Priority == 0:
			passives = append(passives, member.Host)
		default:
			hosts = append(hosts, member.Host)
		}
	}
	add("hosts", hosts)
	if len(passives) > 0 {
		add("passives", passives)
	}
	if len(arbiters) > 0 {
		add("arbiters", arbiters)
	}
	add("setName", m.config.Name)
	add("setVersion", int32(m.config.Version))
	add(writable, role.writable)
	add("secondary", role.secondary)
	if primary := m.config.Member(role.primary); primary != nil {
		add("primary", primary.Host)
	}
	if me := m.config.Member(m.volume.Member); me != nil {
		add("me", me.Host)
		if len(me.Tags) > 0 {
			add("tags", me.Tags)
		}
	}
	if role.writable {
		add("electionId", electionID(m.view.Term))
	}
	if !m.view.WrittenAt.IsZero() {
		last := m.lastWrite()
		at := m.view.WrittenAt.Truncate(time.Second)
		add("lastWrite", bson.D{
			{Key: "opTime", Value: last}, {Key: "lastWriteDate", Value: at},
			{Key: "majorityOpTime", Value: last}, {Key: "majorityWriteDate", Value: at},
		})
	}
}

func (m *Member) lastWrite() bson.D {
	return bson.D{
		{Key: "ts", Value: bson.Timestamp{T: uint32(m.view.WrittenAt.Unix()), I: m.view.Writes}}, {Key: "t", Value: m.view.Term},
	}
}

// mongod's election ids grow with the term.
func electionID(term int64) (id bson.ObjectID) {
	id[0], id[1], id[2], id[3] = 0x7f, 0xff, 0xff, 0xff
	binary.BigEndian.PutUint64(id[4:], uint64(term))
	return id
}
