/**
 * The complementary error function, 1 - erf(x), with a relative error below 1e-15 wherever it is a normal number.
 *
 * @see Sun Microsystems fdlibm, s_erf.c (1993): the intervals and the rational approximations
 */
export function erfc(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 0.84375) {
    const z = x * x;
    const y = horner(PP, z) / horner(QQ, z);
    return magnitude < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
  }
  if (magnitude < 1.25) {
    const s = magnitude - 1;
    const ratio = horner(PA, s) / horner(QA, s);
    return x >= 0 ? 1 - ERX - ratio : 1 + (ERX + ratio);
  }
  // what is missing to 2 is less than half of its last bit
  if (x < -6) return 2;
  if (!(magnitude < 28)) return x > 0 ? 0 : Number.NaN;
  const s = 1 / (magnitude * magnitude);
  const ratio = magnitude < 1 / 0.35 ? horner(RA, s) / horner(SA, s) : horner(RB, s) / horner(SB, s);
  // the square in two parts, the first of them exact, keeps the exponential's relative error small
  const z = Math.fround(magnitude);
  const tail = (Math.exp(-z * z - 0.5625) * Math.exp((z - magnitude) * (z + magnitude) + ratio)) / magnitude;
  return x > 0 ? tail : 2 - tail;
}

/** The standard normal distribution function. */
export const normalCdf = (x: number): number => 0.5 * erfc(-x * Math.SQRT1_2);

/** Mass of the standard normal between two points, without cancellation in the tails. */
export function normalMass(from: number, to: number): number {
  if (from > 0) return 0.5 * (erfc(from * Math.SQRT1_2) - erfc(to * Math.SQRT1_2));
  return 0.5 * (erfc(-to * Math.SQRT1_2) - erfc(-from * Math.SQRT1_2));
}

function horner(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i];
  return value;
}

const ERX = 0.8450629115104675;
const PP = [
  0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5,
];
const QQ = [
  1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6,
];
const PA = [
  -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
  0.035478304325618236, -0.002166375594868791,
];
const QA = [
  1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
  0.011984499846799107,
];
const RA = [
  -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
  -184.60509290671104, -81.2874355063066, -9.814329344169145,
];
const SA = [
  1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
  108.63500554177944, 6.570249770319282, -0.0604244152148581,
];
const RB = [
  -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
  -1025.0951316110772, -483.5191916086514,
];
const SB = [
  1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
  474.52854120695537, -22.44095244658582,
];
