package sets

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/frame"
)

func insert(session byte, number int64) *frame.Message {
	return frame.Request(command.Document(bson.D{
		{Key: "insert", Value: "things"}, {Key: "lsid", Value: bson.D{{Key: "id", Value: bson.Binary{Subtype: 4, Data: []byte{session}}}}},
		{Key: "txnNumber", Value: number}, {Key: "$db", Value: "app"},
	}))
}

// A write that a driver sends again is carried out once and answered the same; the next one, and another session's, are not it.
func TestRetriedWrites(t *testing.T) {
	writes, carriedOut := newWrites(), 0
	send := func(request *frame.Message) int32 {
		answer, err := writes.once(request, func(passed *frame.Message) (*frame.Message, error) {
			if _, err := passed.Body.LookupErr("txnNumber"); err == nil {
				t.Error("the number was passed on")
			}
			carriedOut++
			return passed.Answer(command.OK(bson.E{Key: "n", Value: int32(carriedOut)})), nil
		})
		if err != nil || answer.ResponseTo != request.RequestID {
			t.Fatalf("%v, %v", answer, err)
		}
		return answer.Body.Lookup("n").Int32()
	}
	for index, check := range []struct {
		request  *frame.Message
		expected int32
	}{{insert(1, 1), 1}, {insert(1, 1), 1}, {insert(2, 1), 2}, {insert(1, 2), 3}, {insert(2, 1), 2}} {
		if n := send(check.request); n != check.expected {
			t.Errorf("request %d: answer %d, expected %d", index, n, check.expected)
		}
	}
}
