// Package frame reads and writes messages of MongoDB's wire protocol: OP_MSG, and the OP_QUERY and OP_REPLY with which
// drivers greet a server that they do not know yet.
package frame

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

const (
	headerLength = 16
	// MaxLength is the greatest length of a message that mongod takes.
	MaxLength = 48_000_000
)

// Message is one command or one answer to it.
type Message struct {
	RequestID  int32
	ResponseTo int32
	Flags      wiremessage.MsgFlag
	Body       bson.Raw
	// Sequences are the sections of kind 1 as they came: the documents of a bulk write.
	Sequences []byte
	// Legacy messages are OP_QUERY, their answers OP_REPLY.
	Legacy bool
}

// Read waits for the next message. The error is io.EOF where the other side hung up between two messages.
func Read(from *bufio.Reader) (*Message, error) {
	var header [headerLength]byte
	if _, err := io.ReadFull(from, header[:]); err != nil {
		return nil, err
	}
	length, id, responseTo, code, _, _ := wiremessage.ReadHeader(header[:])
	if length < headerLength || length > MaxLength {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	body := make([]byte, length-headerLength)
	if _, err := io.ReadFull(from, body); err != nil {
		return nil, fmt.Errorf("within a message: %w", err)
	}
	message := &Message{RequestID: id, ResponseTo: responseTo}
	switch code {
	case wiremessage.OpMsg:
		return message, message.readMsg(body)
	case wiremessage.OpQuery:
		return message, message.readQuery(body)
	default:
		return nil, fmt.Errorf("a message of kind %s", code)
	}
}

func (m *Message) readMsg(body []byte) error {
	flags, rest, ok := wiremessage.ReadMsgFlags(body)
	if !ok {
		return fmt.Errorf("a message without flags")
	}
	if flags&wiremessage.ChecksumPresent != 0 {
		if len(rest) < 4 {
			return fmt.Errorf("a message without its checksum")
		}
		rest = rest[:len(rest)-4]
	}
	m.Flags = flags &^ wiremessage.ChecksumPresent
	for len(rest) > 0 {
		kind, section, _ := wiremessage.ReadMsgSectionType(rest)
		switch kind {
		case wiremessage.SingleDocument:
			document, after, ok := wiremessage.ReadMsgSectionSingleDocument(section)
			if !ok {
				return fmt.Errorf("a message with a broken document")
			}
			m.Body, rest = bson.Raw(document), after
		case wiremessage.DocumentSequence:
			_, _, after, ok := wiremessage.ReadMsgSectionRawDocumentSequence(section)
			if !ok {
				return fmt.Errorf("a message with a broken sequence")
			}
			m.Sequences = append(m.Sequences, rest[:len(rest)-len(after)]...)
			rest = after
		default:
			return fmt.Errorf("a message with a section of kind %d", kind)
		}
	}
	if m.Body == nil {
		return fmt.Errorf("a message without a document")
	}
	return m.Body.Validate()
}

func (m *Message) readQuery(body []byte) error {
	_, rest, ok := wiremessage.ReadQueryFlags(body)
	collection := ""
	if ok {
		collection, rest, ok = wiremessage.ReadQueryFullCollectionName(rest)
	}
	if !ok || len(rest) < 8 || !strings.HasSuffix(collection, ".$cmd") {
		return fmt.Errorf("a legacy query that is no command")
	}
	document, _, ok := wiremessage.ReadQueryQuery(rest[8:])
	if !ok {
		return fmt.Errorf("a legacy query with a broken document")
	}
	m.Legacy, m.Body = true, bson.Raw(document)
	if inner, ok := m.Body.Lookup("$query").DocumentOK(); ok {
		m.Body = inner
	}
	return m.Body.Validate()
}

// Command is the name of the command, the key of the first element.
func (m *Message) Command() string {
	elements, err := m.Body.Elements()
	if err != nil || len(elements) == 0 {
		return ""
	}
	return elements[0].Key()
}

// WantsNoAnswer tells a write that nobody waits for (`w: 0`).
func (m *Message) WantsNoAnswer() bool { return m.Flags&wiremessage.MoreToCome != 0 }

// Answer makes the answer to m, of m's own kind.
func (m *Message) Answer(body bson.Raw) *Message {
	return &Message{RequestID: wiremessage.NextRequestID(), ResponseTo: m.RequestID, Body: body, Legacy: m.Legacy}
}

// Request makes a message of its own.
func Request(body bson.Raw) *Message {
	return &Message{RequestID: wiremessage.NextRequestID(), Body: body}
}

// Write sends the message at once.
func (m *Message) Write(to io.Writer) error {
	code := wiremessage.OpMsg
	if m.Legacy {
		code = wiremessage.OpReply
	}
	_, text := wiremessage.AppendHeaderStart(nil, m.RequestID, m.ResponseTo, code)
	if m.Legacy {
		const awaitCapable = 8
		text = wiremessage.AppendReplyFlags(text, awaitCapable)
		text = wiremessage.AppendReplyCursorID(text, 0)
		text = wiremessage.AppendReplyStartingFrom(text, 0)
		text = wiremessage.AppendReplyNumberReturned(text, 1)
		text = append(text, m.Body...)
	} else {
		text = wiremessage.AppendMsgFlags(text, m.Flags)
		text = wiremessage.AppendMsgSectionType(text, wiremessage.SingleDocument)
		text = append(text, m.Body...)
		text = append(text, m.Sequences...)
	}
	binary.LittleEndian.PutUint32(text, uint32(len(text)))
	_, err := to.Write(text)
	return err
}
