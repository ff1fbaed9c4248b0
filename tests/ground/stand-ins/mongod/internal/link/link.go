// Package link is what a member of a set and the ground's server of sets say to each other: lines of JSON, and on a connection
// for data, after the first line of each side, MongoDB's wire protocol.
package link

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// What a connection is for.
const (
	// Control: Heartbeats one way, Views the other.
	Control = "control"
	// Data: commands of one client.
	Data = "data"
	// Call: one question, one answer.
	Call = "call"
)

// Questions of a Call.
const (
	Create   = "create"
	AddUser  = "add user"
	HasUsers = "has users"
	Initiate = "initiate"
	Reconfig = "reconfigure"
	// Keep drops all sets but the named ones and those in use; the ground asks it.
	Keep       = "keep"
	timeToTalk = 90 * time.Second
)

// Open is the first line of a connection.
type Open struct {
	Key     string `json:"key"`
	Purpose string `json:"purpose"`
	// Set is the id that the member's volume holds.
	Set string `json:"set"`
	// Member is the member's _id; Instance tells its processes apart.
	Member   int    `json:"member"`
	Instance string `json:"instance"`
	// Auth: clients must name a user.
	Auth bool `json:"auth"`

	Question string `json:"question,omitempty"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	// Config is BSON.
	Config []byte   `json:"config,omitempty"`
	Sets   []string `json:"sets,omitempty"`
}

// Answer is the first line in return.
type Answer struct {
	Error string `json:"error,omitempty"`
	// Yes answers HasUsers.
	Yes bool `json:"yes,omitempty"`
	// Dropped answers Keep.
	Dropped []string `json:"dropped,omitempty"`
}

// Heartbeat is said by a member again and again.
type Heartbeat struct {
	Number int64 `json:"number"`
	// NotForMillis: it does not stand for election for so long.
	NotForMillis int64 `json:"notForMillis,omitempty"`
}

// View is what a member is told, in answer to each heartbeat and whenever it changes.
type View struct {
	Number int64 `json:"number"`
	// Acknowledged is the newest heartbeat that was heard.
	Acknowledged int64 `json:"acknowledged"`
	// Config is BSON, empty before the set is initiated.
	Config    []byte    `json:"config,omitempty"`
	Term      int64     `json:"term"`
	Primary   int       `json:"primary"`
	ElectedAt time.Time `json:"electedAt"`
	// WrittenAt is the time of the last write, Writes its number within that second.
	WrittenAt time.Time `json:"writtenAt"`
	Writes    uint32    `json:"writes"`
	Members   []Life    `json:"members,omitempty"`
}

// Life says since when a member lives, or when it did last.
type Life struct {
	ID    int       `json:"id"`
	Lives bool      `json:"lives"`
	At    time.Time `json:"at"`
	Since time.Time `json:"since"`
}

// Server is where the sets are.
type Server struct{ Address, Key string }

// ReadServer reads the file that the ground puts into the image: address and key, on one line each.
func ReadServer(path string) (Server, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Server{}, fmt.Errorf("this image has no server for replica sets: %w", err)
	}
	fields := strings.Fields(string(text))
	if len(fields) != 2 {
		return Server{}, fmt.Errorf("%s does not hold an address and a key", path)
	}
	return Server{Address: fields[0], Key: fields[1]}, nil
}

// Connection is open in both directions.
type Connection struct {
	net.Conn
	Reader *bufio.Reader
	lines  *json.Encoder
}

// NewConnection wraps what was dialled or accepted.
func NewConnection(raw net.Conn) *Connection {
	return &Connection{Conn: raw, Reader: bufio.NewReader(raw), lines: json.NewEncoder(raw)}
}

// Send writes one line.
func (c *Connection) Send(value any) error { return c.lines.Encode(value) }

// Receive reads one line.
func (c *Connection) Receive(into any) error {
	line, err := c.Reader.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}

// ErrUnreachable is what Dial returns where nobody answers.
var ErrUnreachable = errors.New("the server of replica sets does not answer (start it with tests/ground/up)")

// Dial opens a connection and waits until the server is ready for it.
func (s Server) Dial(open Open) (*Connection, Answer, error) {
	raw, err := net.DialTimeout("tcp", s.Address, 5*time.Second)
	if err != nil {
		return nil, Answer{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	open.Key = s.Key
	connection := NewConnection(raw)
	var answer Answer
	err = errors.Join(raw.SetDeadline(time.Now().Add(timeToTalk)), connection.Send(open))
	if err == nil {
		err = connection.Receive(&answer)
	}
	if err == nil && answer.Error != "" {
		err = errors.New(answer.Error)
	}
	if err != nil {
		raw.Close()
		return nil, answer, err
	}
	return connection, answer, raw.SetDeadline(time.Time{})
}

// Ask asks one question.
func (s Server) Ask(open Open) (Answer, error) {
	open.Purpose = Call
	connection, answer, err := s.Dial(open)
	if err == nil {
		connection.Close()
	}
	return answer, err
}
