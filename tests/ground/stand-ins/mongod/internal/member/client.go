package member

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"sync/atomic"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/frame"
	"gw.test/mongod/internal/link"
)

// client is one connection of a client.
type client struct {
	net.Conn
	member *Member
	id     int32
	// Ends with the connection.
	context context.Context
	reader  *bufio.Reader
	// The client has named a user.
	known bool
	// The connection to the set's database, made for the first command that needs it; it holds who the client is.
	data *link.Connection
}

var connections atomic.Int32

func (m *Member) serve(raw net.Conn) {
	ends, cancel := context.WithCancel(context.Background())
	c := &client{Conn: raw, member: m, id: connections.Add(1), context: ends, reader: bufio.NewReader(raw)}
	m.mutex.Lock()
	m.clients[c] = true
	m.mutex.Unlock()
	defer func() {
		cancel()
		m.mutex.Lock()
		delete(m.clients, c)
		m.mutex.Unlock()
		c.Close()
		if c.data != nil {
			c.data.Close()
		}
	}()
	for {
		request, err := frame.Read(c.reader)
		if err != nil {
			return
		}
		if err := c.take(request); err != nil {
			// That the client is gone is nothing to tell.
			if !errors.Is(err, net.ErrClosed) && !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
				log.Printf("connection %d, %s: %v", c.id, request.Command(), err)
			}
			return
		}
	}
}

// take answers one command. An error ends the connection.
func (c *client) take(request *frame.Message) error {
	switch request.Command() {
	case "hello", "isMaster", "ismaster":
		return c.hello(request)
	}
	if request.Legacy {
		return command.NotFound.Says("Unsupported OP_QUERY command: %s", request.Command()).Answer(request).Write(c)
	}
	silent := request.WantsNoAnswer()
	request.Flags &^= wiremessage.MoreToCome | wiremessage.ExhaustAllowed
	answer, err := c.answer(request)
	var refusal command.Refusal
	if errors.As(err, &refusal) {
		answer, err = refusal.Answer(request, bson.E{Key: "topologyVersion", Value: c.member.topologyVersion()}), nil
	}
	if err != nil || silent {
		return err
	}
	return answer.Write(c)
}

func (c *client) answer(request *frame.Message) (*frame.Message, error) {
	if own := ownCommands[request.Command()]; own.answer != nil {
		if !own.anonymous && !c.mayConfigure() {
			return nil, command.Unauthorized.Says("Command %s requires authentication", request.Command())
		}
		body, err := own.answer(c, request.Body)
		if err != nil {
			return nil, err
		}
		return request.Answer(body), nil
	}
	switch request.Command() {
	case "saslStart", "saslContinue":
		return c.authenticate(request)
	case "createUser":
		if c.member.options.Auth && !c.known && c.isLocal() && !c.member.hasUsers() {
			return c.createFirstUser(request)
		}
	}
	if c.member.options.Auth && !c.known && !isAnonymous(request.Command()) {
		return nil, command.Unauthorized.Says("Command %s requires authentication", request.Command())
	}
	if command.InTransaction(request.Body) {
		return nil, command.IllegalOp.Says("stand-in: transactions are not supported")
	}
	done, err := c.member.admit(request)
	if err != nil {
		return nil, err
	}
	defer done()
	return c.pass(request)
}

// FerretDB answers these to everybody.
func isAnonymous(name string) bool {
	switch name {
	case "connectionStatus", "getLog", "getCmdLineOpts", "getParameter", "hostInfo", "listCommands", "logout", "whatsmyuri", "endSessions":
		return true
	}
	return false
}

// admit tells whether the member's role allows a command, and holds a step-down back until a write is done.
func (m *Member) admit(request *frame.Message) (done func(), err error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	role := m.refresh()
	writes, reads := command.Writes(request), command.Reads(request)
	switch {
	case writes && !role.writable:
		return nil, command.NotPrimary
	case reads && !role.writable && !role.secondary:
		return nil, command.NotEither
	case reads && role.secondary && !command.AllowsSecondary(request.Body):
		return nil, command.NotSecondaryOK
	case !writes:
		return func() {}, nil
	}
	m.writing.Add(1)
	return m.writing.Done, nil
}

// pass hands a command to the set's database.
func (c *client) pass(request *frame.Message) (*frame.Message, error) {
	if c.data == nil {
		c.member.mutex.Lock()
		open := link.Open{
			Purpose: link.Data, Set: c.member.volume.Set, Member: c.member.volume.Member,
			Instance: c.member.instance.Hex(), Auth: c.member.options.Auth,
		}
		c.member.mutex.Unlock()
		if open.Set == "" {
			return nil, command.NotYetInit
		}
		data, _, err := c.member.server.Dial(open)
		if err != nil {
			return nil, err
		}
		c.data = data
	}
	if err := request.Write(c.data); err != nil {
		return nil, err
	}
	answer, err := frame.Read(c.data.Reader)
	if err != nil {
		return nil, fmt.Errorf("the set's database: %w", err)
	}
	return answer, nil
}

// authenticate passes SCRAM on, and notes how it ended.
func (c *client) authenticate(request *frame.Message) (*frame.Message, error) {
	c.member.mutex.Lock()
	nobody := c.member.volume.Set == ""
	c.member.mutex.Unlock()
	if nobody {
		return nil, command.AuthFailed
	}
	answer, err := c.pass(request)
	if err != nil {
		return nil, err
	}
	ok, _ := answer.Body.Lookup("ok").DoubleOK()
	done, _ := answer.Body.Lookup("done").BooleanOK()
	c.known = ok == 1 && done
	return answer, nil
}

// isLocal: mongod lets a client on the machine itself make the first user.
func (c *client) isLocal() bool {
	address, ok := c.RemoteAddr().(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

func (c *client) mayConfigure() bool {
	return !c.member.options.Auth || c.known || c.isLocal() && !c.member.hasUsers()
}

func (m *Member) hasUsers() bool {
	m.mutex.Lock()
	set := m.volume.Set
	m.mutex.Unlock()
	if set == "" {
		return false
	}
	answer, err := m.server.Ask(link.Open{Set: set, Question: link.HasUsers})
	return err != nil || answer.Yes
}

func (c *client) createFirstUser(request *frame.Message) (*frame.Message, error) {
	done, err := c.member.admit(request)
	if err != nil {
		return nil, err
	}
	defer done()
	user, _ := request.Body.Lookup("createUser").StringValueOK()
	password, _ := request.Body.Lookup("pwd").StringValueOK()
	if user == "" || password == "" {
		return nil, command.BadValue.Says("createUser needs a name and a pwd")
	}
	c.member.mutex.Lock()
	set := c.member.volume.Set
	c.member.mutex.Unlock()
	_, err = c.member.server.Ask(link.Open{Set: set, Question: link.AddUser, User: user, Password: password})
	if err != nil {
		return nil, command.BadValue.Says("%v", err)
	}
	return request.Answer(command.OK()), nil
}

type ownCommand struct {
	answer    func(*client, bson.Raw) (bson.Raw, error)
	anonymous bool
}

var ownCommands map[string]ownCommand

func init() {
	ownCommands = map[string]ownCommand{
		"ping":             {func(*client, bson.Raw) (bson.Raw, error) { return command.OK(), nil }, true},
		"buildInfo":        {buildInfo, true},
		"buildinfo":        {buildInfo, true},
		"replSetInitiate":  {(*client).initiate, false},
		"replSetReconfig":  {(*client).reconfigure, false},
		"replSetGetConfig": {(*client).getConfig, false},
		"replSetGetStatus": {(*client).getStatus, false},
		"replSetStepDown":  {(*client).stepDown, false},
		"replSetFreeze":    {(*client).freeze, false},
		standInMember:      {(*client).describe, true},
		standInJoin:        {(*client).join, true},
	}
}

func buildInfo(*client, bson.Raw) (bson.Raw, error) {
	return command.OK(
		bson.E{Key: "version", Value: "7.0.77"}, bson.E{Key: "gitVersion", Value: "stand-in"},
		bson.E{Key: "modules", Value: bson.A{}}, bson.E{Key: "versionArray", Value: bson.A{7, 0, 77, 0}},
		bson.E{Key: "bits", Value: 64}, bson.E{Key: "debug", Value: false}, bson.E{Key: "maxBsonObjectSize", Value: 16777216},
	), nil
}
