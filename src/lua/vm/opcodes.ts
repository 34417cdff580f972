/** Opcodes of Lua 5.3 (lopcodes.h), which Fengari's parser emits, and one of 5.4 that is inserted. */
export const enum Op {
  MOVE,
  LOADK,
  LOADKX,
  LOADBOOL,
  LOADNIL,
  GETUPVAL,
  GETTABUP,
  GETTABLE,
  SETTABUP,
  SETUPVAL,
  SETTABLE,
  NEWTABLE,
  SELF,
  ADD,
  SUB,
  MUL,
  MOD,
  POW,
  DIV,
  IDIV,
  BAND,
  BOR,
  BXOR,
  SHL,
  SHR,
  UNM,
  BNOT,
  NOT,
  LEN,
  CONCAT,
  JMP,
  EQ,
  LT,
  LE,
  TEST,
  TESTSET,
  CALL,
  TAILCALL,
  RETURN,
  FORLOOP,
  FORPREP,
  TFORCALL,
  TFORLOOP,
  SETLIST,
  CLOSURE,
  VARARG,
  EXTRAARG,
  /** from 5.4: the value in register A is to be closed, with the registers from A - B on */
  TBC,
}

/** Instructions that set register A. */
export const setsA = (op: Op): boolean =>
  !(
    op === Op.SETTABUP ||
    op === Op.SETUPVAL ||
    op === Op.SETTABLE ||
    op === Op.JMP ||
    (op >= Op.EQ && op <= Op.TEST) ||
    op === Op.RETURN ||
    op === Op.TFORCALL ||
    op === Op.SETLIST ||
    op === Op.EXTRAARG ||
    op === Op.TBC
  )

/** Operands from this number on are constants. */
export const FIRST_CONSTANT = 256
/** The number of values that one SETLIST sets. */
export const FIELDS_PER_FLUSH = 50
