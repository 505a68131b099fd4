import { ALGORITHM_VERSION } from '../../contract/model.ts';

/** Who wrote a file. Its bytes must not depend on the build: the number is that of the algorithm. */
export const CREATED_BY = `modemap version ${ALGORITHM_VERSION}.0.0`;
