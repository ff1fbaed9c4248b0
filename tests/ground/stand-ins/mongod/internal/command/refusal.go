package command

import (
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/frame"
)

// Refusal is an answer with `ok: 0`, by mongod's codes.
type Refusal struct {
	Code int32
	Name string
	Text string
}

// Error is the refusal in one line.
func (r Refusal) Error() string { return fmt.Sprintf("%s (%d): %s", r.Name, r.Code, r.Text) }

// Answer is the refusal as the answer to a request. To a write that a driver may send again it says so.
func (r Refusal) Answer(request *frame.Message, more ...bson.E) *frame.Message {
	body := append(r.document(), more...)
	_, numbered := request.Body.Lookup("txnNumber").Int64OK()
	if numbered && slices.Contains(retryable, r.Code) {
		body = append(body, bson.E{Key: "errorLabels", Value: bson.A{"RetryableWriteError"}})
	}
	return request.Answer(Document(body))
}

func (r Refusal) document() bson.D {
	return bson.D{{Key: "ok", Value: 0.0}, {Key: "errmsg", Value: r.Text}, {Key: "code", Value: r.Code}, {Key: "codeName", Value: r.Name}}
}

// Drivers look for another primary and try again.
var retryable = []int32{ShutdownStarted.Code, SteppedDown.Code, NotPrimary.Code, NotSecondaryOK.Code, NotEither.Code}

// Says is the refusal with a text of its own.
func (r Refusal) Says(format string, values ...any) Refusal {
	r.Text = fmt.Sprintf(format, values...)
	return r
}

// The codes of mongod that the stand-in uses.
var (
	BadValue        = Refusal{2, "BadValue", ""}
	Unauthorized    = Refusal{13, "Unauthorized", ""}
	AuthFailed      = Refusal{18, "AuthenticationFailed", "Authentication failed."}
	IllegalOp       = Refusal{20, "IllegalOperation", ""}
	AlreadyInit     = Refusal{23, "AlreadyInitialized", "already initialized"}
	NotFound        = Refusal{59, "CommandNotFound", ""}
	NodeNotFound    = Refusal{74, "NodeNotFound", ""}
	ShutdownStarted = Refusal{91, "ShutdownInProgress", "Replication is being shut down"}
	InvalidConfig   = Refusal{93, "InvalidReplicaSetConfig", ""}
	NotYetInit      = Refusal{94, "NotYetInitialized", "no replset config has been received"}
	Incompatible    = Refusal{103, "NewReplicaSetConfigurationIncompatible", ""}
	HasData         = Refusal{110, "CannotInitializeNodeWithData", ""}
	SteppedDown     = Refusal{189, "PrimarySteppedDown", ""}
	TimeLimit       = Refusal{262, "ExceededTimeLimit", ""}
	NotPrimary      = Refusal{10107, "NotWritablePrimary", "not primary"}
	NotSecondaryOK  = Refusal{13435, "NotPrimaryNoSecondaryOk", "not primary and secondaryOk=false"}
	NotEither       = Refusal{13436, "NotPrimaryOrSecondary", "node is not in primary or recovering state"}
)

// Document encodes what the stand-in made itself.
func Document(value any) bson.Raw {
	text, err := bson.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

// OK is the answer of a command that has nothing else to say.
func OK(pairs ...bson.E) bson.Raw {
	return Document(append(bson.D(pairs), bson.E{Key: "ok", Value: 1.0}))
}
