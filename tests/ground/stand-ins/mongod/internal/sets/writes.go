package sets

import (
	"encoding/hex"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/frame"
)

// Sessions end when nobody used them for so long, as drivers are told.
const sessionLife = 30 * time.Minute

// writes carries out what a driver sends again after an error exactly once: in a replica set each write has the number of a
// transaction within its session, and the answer to the newest one of a session is kept.
type writes struct {
	mutex    *sync.Mutex
	sessions map[string]*session
	at       time.Time
	number   uint32
}

type session struct {
	mutex  sync.Mutex
	number int64
	answer bson.Raw
	used   time.Time
}

func newWrites() writes {
	return writes{mutex: &sync.Mutex{}, sessions: map[string]*session{}, at: time.Now()}
}

// last is when something was written last, and how often within that second.
func (w *writes) last() (time.Time, uint32) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.at, w.number
}

func (w *writes) note(now time.Time) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if now.Unix() != w.at.Unix() {
		w.number = 0
	}
	w.at, w.number = now, w.number+1
}

// once passes a command on, unless it is a write that was carried out before: then the answer is the one of that time.
func (w *writes) once(request *frame.Message, pass func(*frame.Message) (*frame.Message, error)) (*frame.Message, error) {
	if command.Writes(request) {
		w.note(time.Now())
	}
	number, numbered := request.Body.Lookup("txnNumber").Int64OK()
	_, id, named := request.Body.Lookup("lsid", "id").BinaryOK()
	if !numbered || !named {
		return pass(command.Plain(request))
	}
	this := w.session(hex.EncodeToString(id))
	this.mutex.Lock()
	defer this.mutex.Unlock()
	if this.answer != nil && this.number == number {
		return request.Answer(this.answer), nil
	}
	answer, err := pass(command.Plain(request))
	if err == nil {
		this.number, this.answer = number, answer.Body
	}
	return answer, err
}

func (w *writes) session(id string) *session {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	now := time.Now()
	for other, session := range w.sessions {
		if now.Sub(session.used) > sessionLife {
			delete(w.sessions, other)
		}
	}
	if w.sessions[id] == nil {
		w.sessions[id] = &session{}
	}
	w.sessions[id].used = now
	return w.sessions[id]
}
