// Questions to the till's server.

const PATIENCE = 10000; // ms

export class UnreachedError extends Error {}

// `{status, body}` of a JSON answer. Throws UnreachedError where no answer came; then nobody knows what was done.
export async function ask(path, content, patience = PATIENCE) {
  const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(patience) };
  if (content !== undefined) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(content);
  }
  const { status, body } = await answerTo(path, options);
  if (status === 401) {
    location.assign("/sign-in");
    await new Promise(() => {}); // the page is being left
  }
  return { status, body };
}

async function answerTo(path, options) {
  try {
    const answer = await fetch(path, options);
    return { status: answer.status, body: await answer.json() };
  } catch (error) {
    throw new UnreachedError(`${path}: ${error.message}`);
  }
}
