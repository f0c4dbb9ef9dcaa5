// A WebSocket between a caller and the API lives only as long as the credential that opened it: what was revoked, has
// ended, or belongs to an App that is suspended by now has its connection closed.

// How often that is looked at. A part of the bound that docs/security.md states.
const LOOK_AGAIN_MS = 10_000;
// So many looks in a row may fail, since storage does not answer, before the connection ends.
const MOST_UNKNOWN = 3;

// Policy violation, and try again later (RFC 6455 §7.4.1 and the registry that it began).
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;
// What `close` events say where there was no code, or no closing at all; neither may be sent.
const NO_CODE = 1005;
const LOST = 1006;

// The caller's end of a connection to the API, whose end is `api`. `look` promises whether the credential still
// stands: true, false, or `undefined` where that can't be told now.
export function guardSocket(api, look) {
  const [caller, own] = Object.values(new WebSocketPair());
  let timer;
  let isOver = false;
  let unknown = 0;
  const stopLooking = () => {
    isOver = true;
    clearTimeout(timer);
  };
  const end = (code, reason) => {
    stopLooking();
    close(own, code, reason);
    close(api, code, reason);
  };
  const lookAgain = async () => {
    const found = await look().catch(() => undefined);
    // It may have been closed meanwhile.
    if (isOver) return;
    unknown = found === undefined ? unknown + 1 : 0;
    if (found === false) return end(POLICY_VIOLATION, "the credential is no longer valid");
    if (unknown >= MOST_UNKNOWN) return end(TRY_AGAIN_LATER, "the credential can't be checked");
    timer = setTimeout(lookAgain, LOOK_AGAIN_MS);
  };
  for (const [from, to] of [
    [own, api],
    [api, own],
  ]) {
    from.binaryType = "arraybuffer";
    from.addEventListener("message", ({ data }) => {
      try {
        to.send(data);
      } catch {
        // The other end has closed: its event ends this one.
      }
    });
    from.addEventListener("close", ({ code, reason }) => {
      stopLooking();
      close(to, code, reason);
      // Closing takes both sides (RFC 6455 §7.1.2).
      close(from, code, reason);
    });
    from.addEventListener("error", () => end(LOST));
    from.accept();
  }
  timer = setTimeout(lookAgain, LOOK_AGAIN_MS);
  return caller;
}

function close(socket, code, reason) {
  try {
    if (code === NO_CODE || code === LOST) socket.close(code === LOST ? 1011 : 1000);
    else socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}
