// What people do with a replica set in mongosh, from the first moment on, while its primaries end.
const uri = 'mongodb://root:secret@m0,m1,m2/?replicaSet=rs0';
const first = new Mongo('mongodb://root:secret@m0/?directConnection=true');
db = first.getDB('admin');

function same(actual, expected) {
  if (EJSON.stringify(actual) !== EJSON.stringify(expected)) {
    throw new Error(`expected ${EJSON.stringify(expected)}, but was ${EJSON.stringify(actual)}`);
  }
}

function code(action) {
  try {
    action();
    return 0;
  } catch (error) {
    return error.code;
  }
}

function primary() {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = rs.status().members.filter((member) => member.stateStr === 'PRIMARY');
    if (found.length === 1) return found[0].name;
    if (Date.now() > deadline) throw new Error('nobody became primary within 30 s');
    sleep(50);
  }
}

same(code(() => rs.status()), 94);
rs.initiate({
  _id: 'rs0',
  members: [0, 1, 2].map((id) => ({ _id: id, host: `m${id}:27017` })),
  settings: { electionTimeoutMillis: 2000, heartbeatIntervalMillis: 500 },
});
same(code(() => rs.initiate()), 23);
same(primary(), 'm0:27017');
same(rs.conf().members.map((member) => member.host), ['m0:27017', 'm1:27017', 'm2:27017']);

db = new Mongo(uri).getDB('admin');
db.createUser({ user: 'app', pwd: 'app-secret', roles: ['readWriteAnyDatabase'] });
same(db.getUser('app').user, 'app');
const things = new Mongo(uri.replace('root:secret', 'app:app-secret') + '&authSource=admin').getDB('app').things;
things.createIndex({ name: 1 });
things.insertOne({ name: 'before' });
rs.stepDown(5);
things.insertOne({ name: 'after' }, { writeConcern: { w: 'majority' } });
same(primary() !== 'm0:27017', true);
same(things.find({}, { _id: 0 }).sort({ _id: 1 }).toArray(), [{ name: 'before' }, { name: 'after' }]);

const config = rs.conf();
config.version++;
config.members[0].priority = 5;
rs.reconfig(config);
const deadline = Date.now() + 30_000;
while (primary() !== 'm0:27017') {
  if (Date.now() > deadline) throw new Error('the higher priority did not take over within 30 s');
  sleep(50);
}
things.insertOne({ name: 'last' });
same(things.countDocuments({}), 3);
