// Package command knows MongoDB's commands: which of them write, which read, and what FerretDB must not see of them.
package command

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"gw.test/mongod/internal/frame"
)

var writes = []string{
	"bulkWrite", "collMod", "compact", "create", "createIndexes", "createUser", "delete", "deleteIndexes", "drop",
	"dropAllUsersFromDatabase", "dropDatabase", "dropIndexes", "dropUser", "findAndModify", "findandmodify", "insert", "reIndex",
	"renameCollection", "update", "updateUser",
}

var reads = []string{
	"aggregate", "collStats", "count", "dataSize", "dbStats", "distinct", "explain", "find", "listCollections", "listDatabases",
	"listIndexes", "usersInfo", "validate",
}

// Writes tells a command that only a primary takes.
func Writes(request *frame.Message) bool {
	name := request.Command()
	return slices.Contains(writes, name) || name == "aggregate" && endsInWriting(request.Body)
}

// Reads tells a command that a secondary takes where the client allows it.
func Reads(request *frame.Message) bool { return slices.Contains(reads, request.Command()) }

func endsInWriting(body bson.Raw) bool {
	stages, ok := body.Lookup("pipeline").ArrayOK()
	if !ok {
		return false
	}
	values, err := stages.Values()
	if err != nil || len(values) == 0 {
		return false
	}
	last, ok := values[len(values)-1].DocumentOK()
	if !ok {
		return false
	}
	_, out := last.LookupErr("$out")
	_, merge := last.LookupErr("$merge")
	return out == nil || merge == nil
}

// AllowsSecondary tells whether the client takes the answer of a secondary.
func AllowsSecondary(body bson.Raw) bool {
	mode, ok := body.Lookup("$readPreference", "mode").StringValueOK()
	return ok && mode != "primary"
}

// InTransaction tells a command that belongs to a transaction of several.
func InTransaction(body bson.Raw) bool {
	_, err := body.LookupErr("autocommit")
	return err == nil
}

// What belongs to replica sets alone: FerretDB serves one server.
var ofSets = []string{"txnNumber", "$readPreference", "$clusterTime", "stmtId"}

// Plain takes from a command what only a member of a set understands.
func Plain(request *frame.Message) *frame.Message {
	elements, err := request.Body.Elements()
	if err != nil || !slices.ContainsFunc(elements, func(e bson.RawElement) bool { return slices.Contains(ofSets, e.Key()) }) {
		return request
	}
	plain := *request
	index, body := bsoncore.AppendDocumentStart(nil)
	for _, element := range elements {
		if !slices.Contains(ofSets, element.Key()) {
			body = append(body, element...)
		}
	}
	body, _ = bsoncore.AppendDocumentEnd(body, index)
	plain.Body = body
	return &plain
}
