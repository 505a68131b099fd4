// Lambda's Runtime API as a managed runtime speaks it: load the handler, then event by event. Prints how long the
// import took, for the tests to read.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT } = process.env;
const runtime = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = (path, body) => fetch(`${runtime}/${path}`, { method: 'POST', body: JSON.stringify(body) });
const described = ({ name, message, stack = '' }) => ({
  errorType: name,
  errorMessage: message,
  stackTrace: stack.split('\n'),
});

const started = performance.now();
const { handler } = await import(pathToFileURL(`${LAMBDA_TASK_ROOT}/index.mjs`).href).catch(async (error) => {
  await post('init/error', described(error));
  process.exit(1);
});
console.log(JSON.stringify({ importMs: performance.now() - started }));

for (;;) {
  const next = await fetch(`${runtime}/invocation/next`);
  if (!next.ok) process.exit(0);
  const awsRequestId = next.headers.get('lambda-runtime-aws-request-id');
  try {
    const result = await handler(await next.json(), { awsRequestId, functionName: 'test', memoryLimitInMB: '1769' });
    await post(`invocation/${awsRequestId}/response`, result ?? null);
  } catch (error) {
    await post(`invocation/${awsRequestId}/error`, described(error));
  }
}
