package member

import (
	"bufio"
	"net"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/frame"
)

// The stand-in's own commands, from one member to another.
const (
	// standInMember asks who a member is.
	standInMember = "standInMember"
	// standInJoin tells a member which set it belongs to.
	standInJoin = "standInJoin"

	peerTimeout = 5 * time.Second
)

// peer is what a member says of itself to another.
type peer struct {
	Instance bson.ObjectID `bson:"instance"`
	Name     string        `bson:"name"`
	Set      string        `bson:"set"`
	Version  int64         `bson:"version"`
	HasData  bool          `bson:"hasData"`
}

// ask sends one command to another member.
func ask(host string, body bson.D) (bson.Raw, error) {
	connection, err := net.DialTimeout("tcp", host, peerTimeout)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(peerTimeout))
	if err := frame.Request(command.Document(body)).Write(connection); err != nil {
		return nil, err
	}
	answer, err := frame.Read(bufio.NewReader(connection))
	if err != nil {
		return nil, err
	}
	if code, refused := answer.Body.Lookup("code").Int32OK(); refused {
		name, _ := answer.Body.Lookup("codeName").StringValueOK()
		text, _ := answer.Body.Lookup("errmsg").StringValueOK()
		return nil, command.Refusal{Code: code, Name: name, Text: text}
	}
	return answer.Body, nil
}

func (m *Member) askWho(host string) (found peer, err error) {
	answer, err := ask(host, bson.D{{Key: standInMember, Value: 1}, {Key: "proof", Value: m.key.Proof(standInMember)}, {Key: "$db", Value: "admin"}})
	if err == nil {
		err = bson.Unmarshal(answer, &found)
	}
	return found, err
}

func (m *Member) tellToJoin(host, set string, id int) error {
	_, err := ask(host, bson.D{
		{Key: standInJoin, Value: set}, {Key: "member", Value: id}, {Key: "proof", Value: m.key.Proof(standInJoin)}, {Key: "$db", Value: "admin"},
	})
	return err
}

// Members with a key file speak only to those that have the same.
func (m *Member) checkProof(of string, body bson.Raw) error {
	proof, _ := body.Lookup("proof").StringValueOK()
	if !m.key.Proves(of, proof) {
		return command.AuthFailed
	}
	return nil
}

func (c *client) describe(body bson.Raw) (bson.Raw, error) {
	m := c.member
	if err := m.checkProof(standInMember, body); err != nil {
		return nil, err
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	self := peer{Instance: m.instance, Name: m.options.Set, Set: m.volume.Set, HasData: m.volume.HasData}
	if m.config != nil {
		self.Version = m.config.Version
	}
	return command.Document(self), nil
}

func (c *client) join(body bson.Raw) (bson.Raw, error) {
	m := c.member
	if err := m.checkProof(standInJoin, body); err != nil {
		return nil, err
	}
	set, _ := body.Lookup(standInJoin).StringValueOK()
	id, _ := body.Lookup("member").AsInt64OK()
	return command.OK(), m.belong(set, int(id))
}

// belong leaves the set's id in the volume and has the member look for the set.
func (m *Member) belong(set string, id int) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.volume.HasData && m.volume.Set != set {
		return command.HasData.Says("a member that has data cannot join another set")
	}
	m.volume.Set, m.volume.Member = set, id
	if err := m.volume.write(); err != nil {
		return err
	}
	m.beat()
	return nil
}
