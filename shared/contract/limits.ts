/** The one owner of every fixed bound; reasons beside each. */
export const LIMITS = {
  /** on AWS: plan reads every footer within one function's time and memory */
  objects: 100_000,
  /** a configuration names columns; what is larger is something else under its name */
  configurationBytes: 1_000_000,
  /** a distributed map's children beyond this make its start slow and its reduce groups large */
  partitions: 10_000,
  /** decoded bytes of a partition, where the configuration does not say: below, its start and its objects cost more than its rows */
  leastPartitionBytes: 32_000_000,
  /** above, waiting for the last one grows, and what a killed worker loses */
  mostPartitionBytes: 128_000_000,
  /** what a table is cut into between the two: enough for the cores of one machine to end together */
  wantedPartitions: 16,
  /** a plan line is a state's input: 256 KiB, less room for what the state machine adds */
  planLineBytes: 128_000,
  /** partitions one reduce invocation merges */
  reduceGroupPartitions: 100,
  /** bytes of summaries one reduce invocation has in hand: of neighbouring columns, from all its partitions */
  reducedSummaryBytes: 16_000_000,
  /** columns one fit invocation handles */
  fitGroupColumns: 32,
  /** a sample of fewer row groups may miss how a sorted table drifts */
  sampleRowGroups: 64,
  /** decoded bytes one fit invocation may read */
  sampleDecodedBytes: 2_000_000_000,
  /** a row group below this costs more in requests than in data */
  tinyRowGroupRows: 10_000,
  /** bytes of one request for column chunks: what is smaller is fetched with its neighbours until it has them, a spliced chunk above it in pieces */
  fetchBytes: 8_000_000,
  /** bytes nobody wants that a request may hold between others: they take no longer than another request */
  fetchGapBytes: 1_000_000,
  /** bytes on their way to a worker before it needs them: the largest merged request */
  readAheadBytes: 17_000_000,
  /** requests on their way at once, however small: each holds a file or a connection open */
  readAheadRequests: 16,
  /** sampled values one fit invocation holds at once: it reads so many of its columns, fits them, and reads the next */
  sampledValueBytes: 128_000_000,
  /** bytes of one part of a multipart upload, at least 5 MiB on S3; an object below it is put whole */
  uploadPartBytes: 8 << 20,
  /** seconds after which Lambda ends an invocation, whatever it is doing */
  invocationSeconds: 900,
  /** a process that has loaded everything and does nothing: measured, with room for garbage not yet collected */
  idleProcessBytes: 160_000_000,
  /** each worker thread of it while it has nothing in hand */
  idleWorkerBytes: 60_000_000,
} as const;
