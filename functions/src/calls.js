// What would take Rust many steps, in one: each from wasm into JavaScript costs about as much as the work behind it.

// Runs an SQL statement. Parameters and rows are JSON arrays; the rows an array of them.
export function execute(sql, statement, params) {
  return JSON.stringify([...sql.exec(statement, ...JSON.parse(params)).raw()]);
}

// Calls the Durable Object of a name.
export function callObject(env, binding, name, message) {
  return env[binding].getByName(name).call(message);
}
