/* A link between a child and its parent, and one of its two streams: sync/link.h with
 * inbound_stream.h and outbound_stream.h. README.md of this folder says which part of the code
 * each part here stands for, and what is left out.
 *
 * All state is global and every step of an end is atomic, so a crash, which is the loss of what
 * is volatile, falls between any two steps. Prefixes: c_ child, p_ parent (their sessions);
 * s_ sender, r_ receiver (the stream); d_ the receiver's disk.
 *
 * -DDOWN: the parent sends; else the child. -DNO_END: the storm lasts for ever, which is enough
 * for all but progress. PLANTED in the environment plants an error when the
 * checker runs: run.py has what each of them is, and the bounds. */

c_decl {
  static char planted_errors[12];
  __attribute__((constructor)) static void plant(void) {
    if (getenv("PLANTED")) planted_errors[atoi(getenv("PLANTED")) % 12] = 1;
  }
}
#define planted(error) c_expr { planted_errors[error] }
#define ACK_BEFORE_COMMIT 1
#define CURSOR_BEFORE_ENTRIES 2
#define ENTRIES_BEFORE_CURSOR 3
#define CURSOR_WITHOUT_STORE 4
#define AFTER_NOT_CHECKED 5
#define SESSION_NOT_CHECKED 6
#define SEND_BEFORE_COMMIT 7
#define ACKED_STAYS 8
#define NO_RESEND 9
#define NO_REFUSE 10
#define ECHO_NOT_CHECKED 11

#ifndef N
#define N 2       /* entries that a store gets */
#endif
#ifndef CAP
#define CAP 2     /* messages that a line holds, each way */
#endif
#ifndef WINDOW
#define WINDOW 2  /* entries that may be unacknowledged */
#endif
#ifndef STORES
#define STORES 2  /* stores that the sender has, one after another */
#endif
#ifndef DISKS
#define DISKS 2   /* disks that the receiver has, one after another */
#endif
#ifndef FAULTS
#define FAULTS 3  /* crashes, lost sessions, full disks; what lines do is not counted */
#endif

mtype = { HELLO, WELCOME, ENTRIES, ACK, STATUS, REFUSE };

/* type; child's nonce, parent's nonce: together the session; and three more:
 *   greetings  the sender's store; or the receiver's cursor (store, position), and its disk
 *   entries    store, after, upto
 *   ack        store, position, resend */
chan up = [CAP] of { mtype, byte, byte, byte, byte, byte };
chan down = [CAP] of { mtype, byte, byte, byte, byte, byte };

/* Sessions (rule 1): the child's is (c_nonce, c_theirs), the parent's (p_theirs, p_nonce). */
bool c_open, p_open;
byte c_nonce = 1, c_theirs, p_theirs, p_nonce;
byte old_mine, old_theirs;   /* the child's session before: its late messages are let pass */
bool c_greets = true;        /* a hello leaves at the end of the turn */
bool p_welcomes;             /* a welcome does */

/* The sender. Its store is on disk, the rest is volatile. */
byte s_store = 1, s_last;
byte s_acked, s_sent, s_highest;
byte s_disk;                 /* the receiver's disk that this session is with */
bool s_unwritten;            /* an entry is in memory alone */

/* The receiver: its disks (those of the past stay, to be compared with), and what is volatile. */
byte d_store[DISKS], d_position[DISKS];
bit d_entry[STORES * N];     /* of the present disk */
byte r_disk;                 /* the present one */
byte r_store, r_received;    /* of the session; store 0: none */
byte r_batch_store, r_batch; /* received and to be committed in this turn, up to r_batch */
bit r_entry[N];              /* what is in it */
bool r_owes_ack, r_owes_resend, r_committed, r_half;

byte faults;                 /* so far */
bool healed;                 /* the storm is over, for good */
byte i;                      /* scratch, 0 between steps */

#ifdef DOWN
#define s_open p_open
#define r_open c_open
#define S_SESSION p_theirs, p_nonce
#define R_SESSION c_nonce, c_theirs
#define to_receiver down
#define to_sender up
#define c_greeting d_store[r_disk], d_position[r_disk], r_disk
#define p_greeting s_store, 0, 0
#else
#define s_open c_open
#define r_open p_open
#define S_SESSION c_nonce, c_theirs
#define R_SESSION p_theirs, p_nonce
#define to_receiver up
#define to_sender down
#define c_greeting s_store, 0, 0
#define p_greeting d_store[r_disk], d_position[r_disk], r_disk
#endif

#define of_store(one, other) (one == other || planted(CURSOR_WITHOUT_STORE))
#define held (of_store(d_store[r_disk], r_store) -> d_position[r_disk] : 0)
#define s_ready (s_last + s_unwritten) /* with SEND_BEFORE_COMMIT, else nothing is unwritten */
/* A healed line that is full is waited for. */
#define may_send (s_open && s_sent < s_ready && s_sent - s_acked < WINDOW && \
                  (!healed || len(to_receiver) < CAP))
#define turn_open (r_batch > 0 || r_committed || r_owes_ack || r_owes_resend || c_greets || \
                   p_welcomes)
#define idle (empty(up) && empty(down) && !turn_open && !may_send)
/* When nothing is under way timers run out in the order of their lengths: the greeting's, the
 * ack's, the keepalive's. */
#define ungreeted (!c_open)
#define overdue (s_open && s_sent > s_acked && !planted(NO_RESEND))
#define silent (idle && !ungreeted && !overdue)
#define done (s_last == N && s_acked == N && d_store[r_disk] == s_store && d_position[r_disk] == N)

/* A full line loses what is sent on it, as a ROUTER at its high-water mark does. */
inline say(line, kind, its, other, p, q, r) {
  if
  :: nfull(line) -> line!kind, its, other, p, q, r
  :: full(line) -> skip
  fi
}

/* The least nonce that nobody remembers and no message bears: as good as a random one. */
inline fresh_child() {
  c_nonce = 1;
  do
  :: c_nonce == old_mine || c_nonce == p_theirs || up??[type, eval(c_nonce), b, x, y, z] ||
     down??[type, eval(c_nonce), b, x, y, z] -> c_nonce++
  :: else -> break
  od
}
inline fresh_parent() {
  p_nonce = 1;
  do
  :: p_nonce == old_theirs || p_nonce == c_theirs || up??[type, a, eval(p_nonce), x, y, z] ||
     down??[type, a, eval(p_nonce), x, y, z] -> p_nonce++
  :: else -> break
  od
}

/* No acknowledged loss: what the sender believes acknowledged is on the disk it deals with. */
inline check_acked() {
  assert(!s_open || s_acked == 0 ||
         (d_store[s_disk] == s_store && s_acked <= d_position[s_disk]))
}

/* Both ends of the stream when a session begins and ends (rule 6). */
inline sender_opens(store, position, disk) {
  if
  :: planted(ACKED_STAYS) -> skip
  :: else -> s_acked = (of_store(store, s_store) && position <= s_last -> position : 0)
  fi;
  s_sent = s_acked;
  s_highest = s_acked;
  s_disk = disk;
  check_acked()
}
inline sender_closes() {
  s_sent = s_acked;
  s_highest = s_acked;
  s_disk = 0
}
inline receiver_opens(store) {
  r_store = store;
  r_received = held;
  r_owes_ack = false;
  r_owes_resend = false
}
inline receiver_closes() {
  r_store = 0;
  r_received = 0;
  r_owes_ack = false;
  r_owes_resend = false
}

/* Rule 3. */
inline take_entries(store, after, upto) {
  if
  :: store == r_store && (after == r_received || planted(AFTER_NOT_CHECKED)) ->
     i = after;
     do
     :: i < upto -> r_entry[i] = 1; i++
     :: else -> i = 0; break
     od;
     r_received = upto;
     r_batch = upto;
     r_batch_store = store;
     if
     :: planted(ACK_BEFORE_COMMIT) -> say(to_sender, ACK, R_SESSION, store, upto, 0)
     :: else -> skip
     fi
  :: else ->
     if
     :: store != r_store -> skip
     :: store == r_store && upto <= r_received -> r_owes_ack = true
     :: store == r_store && upto > r_received -> r_owes_resend = true
     :: store == r_store && upto > r_received && !healed -> skip /* asked for a moment ago */
     fi
  fi
}

/* Rules 3 and 5. */
inline take_ack(store, position, resend) {
  if
  :: store == s_store && position >= s_acked && position <= s_highest ->
     s_acked = position;
     s_sent = (s_sent < s_acked -> s_acked : s_sent);
     s_sent = (resend && !planted(NO_RESEND) -> s_acked : s_sent);
     check_acked()
  :: else -> skip
  fi
}

inline commit_cursor() {
  d_store[r_disk] = r_batch_store;
  d_position[r_disk] = r_batch;
  /* The receiver never holds what the sender could still lose. */
  assert(d_store[r_disk] != s_store || d_position[r_disk] <= s_last)
}
inline commit_entries() {
  do
  :: i < N ->
     assert(!r_entry[i] || !d_entry[(r_batch_store - 1) * N + i]); /* no duplicate effect */
     d_entry[(r_batch_store - 1) * N + i] = d_entry[(r_batch_store - 1) * N + i] | r_entry[i];
     r_entry[i] = 0;
     assert(i >= r_batch || d_entry[(r_batch_store - 1) * N + i]); /* no hole below the cursor */
     i++
  :: else -> i = 0; break
  od
}

/* The turn's end at the receiver, rule 4: one transaction, and only then what rests on it. */
inline commit() {
  if
  :: r_half || !planted(CURSOR_BEFORE_ENTRIES) -> commit_entries()
  :: else -> skip
  fi;
  if
  :: r_half || !planted(ENTRIES_BEFORE_CURSOR) -> commit_cursor()
  :: else -> skip
  fi;
  r_half = !r_half && (planted(CURSOR_BEFORE_ENTRIES) || planted(ENTRIES_BEFORE_CURSOR));
  if
  :: !r_half -> r_committed = true; r_batch = 0; r_batch_store = 0
  :: else -> skip
  fi
}
inline say_ack() {
  if
  :: r_open && (r_committed || r_owes_ack || r_owes_resend) && held <= r_received ->
     i = held;
     say(to_sender, ACK, R_SESSION, r_store, i, (r_owes_resend && !r_committed));
     i = 0
  :: else -> skip
  fi;
  r_committed = false;
  r_owes_ack = false;
  r_owes_resend = false
}

/* One entry or two a message. */
inline sender_sends() {
  if
  :: s_sent + 2 <= s_ready && s_sent + 2 - s_acked <= WINDOW ->
     say(to_receiver, ENTRIES, S_SESSION, s_store, s_sent, s_sent + 2);
     s_sent = s_sent + 2
  :: true ->
     say(to_receiver, ENTRIES, S_SESSION, s_store, s_sent, s_sent + 1);
     s_sent++
  fi;
  s_highest = (s_highest < s_sent -> s_sent : s_highest)
}

/* The child's sessions. */
inline lose_session() {
  if
  :: c_open -> old_mine = c_nonce; old_theirs = c_theirs
  :: !c_open -> skip
  fi;
  c_open = false;
  c_theirs = 0;
  fresh_child();
  c_greets = true;
#ifdef DOWN
  receiver_closes()
#else
  sender_closes()
#endif
}
/* Without the echo, the session is the parent's nonce alone. */
#define answers_me(a) (a == c_nonce || planted(ECHO_NOT_CHECKED))
#define same(a, b, mine, theirs) (b == theirs && (a == mine || planted(ECHO_NOT_CHECKED)))
#define of_session(a, b, mine, theirs) (same(a, b, mine, theirs) || planted(SESSION_NOT_CHECKED))

active proctype Child() {
  mtype type;
  byte a, b, x, y, z;
  do
#ifdef DOWN
  :: atomic { !r_committed && !r_half && nempty(down) ->
       down?type, a, b, x, y, z;
#else
  :: atomic { down?type, a, b, x, y, z ->
#endif
       if
       :: type == WELCOME && !c_open && answers_me(a) ->
          c_theirs = b;
          c_open = true;
          c_greets = false;
#ifdef DOWN
          receiver_opens(x)
#else
          sender_opens(x, y, z)
#endif
       :: type == REFUSE && c_open && same(a, b, c_nonce, c_theirs) -> lose_session()
#ifdef DOWN
       :: type == ENTRIES && c_open && of_session(a, b, c_nonce, c_theirs) -> take_entries(x, y, z)
#else
       :: type == ACK && c_open && of_session(a, b, c_nonce, c_theirs) -> take_ack(x, y, z)
#endif
       :: type != WELCOME && type != REFUSE && c_open && !of_session(a, b, c_nonce, c_theirs) &&
          !same(a, b, old_mine, old_theirs) -> lose_session()
       :: else -> skip
       fi;
       type = 0; a = 0; b = 0; x = 0; y = 0; z = 0
     }
#ifdef DOWN
  :: atomic { r_batch > 0 -> commit() }
  :: atomic { r_batch == 0 && (r_committed || r_owes_ack || r_owes_resend || c_greets) ->
       say_ack();
#else
  :: atomic { c_greets ->
#endif
       if
       :: c_greets -> say(up, HELLO, c_nonce, 0, c_greeting)
       :: !c_greets -> skip
       fi;
       c_greets = false
     }
#ifndef DOWN
  :: atomic { may_send -> sender_sends() }
#endif
  :: atomic { ungreeted && !c_greets && (!healed || idle) -> c_greets = true }
  :: atomic { c_open && silent -> say(up, STATUS, c_nonce, c_theirs, 0, 0, 0) }
  od
}

active proctype Parent() {
  mtype type;
  byte a, b, x, y, z;
  do
#ifdef DOWN
  :: atomic { up?type, a, b, x, y, z ->
#else
  :: atomic { !r_committed && !r_half && nempty(up) ->
       up?type, a, b, x, y, z;
#endif
       if
       :: type == HELLO ->
          if
          :: p_open && p_theirs == a -> skip
          :: else ->
             p_open = true;
             p_theirs = a;
             fresh_parent();
#ifdef DOWN
             sender_opens(x, y, z)
#else
             receiver_opens(x)
#endif
          fi;
          p_welcomes = true
#ifdef DOWN
       :: type == ACK && p_open && of_session(a, b, p_theirs, p_nonce) -> take_ack(x, y, z)
#else
       :: type == ENTRIES && p_open && of_session(a, b, p_theirs, p_nonce) -> take_entries(x, y, z)
#endif
       :: type == STATUS && p_open && of_session(a, b, p_theirs, p_nonce) -> skip
       :: else ->
          if
          :: planted(NO_REFUSE) -> skip
          :: else -> say(down, REFUSE, a, b, 0, 0, 0)
          fi
       fi;
       type = 0; a = 0; b = 0; x = 0; y = 0; z = 0
     }
#ifdef DOWN
  :: atomic { p_welcomes ->
#else
  :: atomic { r_batch > 0 -> commit() }
  :: atomic { r_batch == 0 && (r_committed || r_owes_ack || r_owes_resend || p_welcomes) ->
#endif
       if
       :: p_welcomes ->
#ifndef DOWN
          r_received = (r_received < held -> held : r_received);
#endif
          say(down, WELCOME, p_theirs, p_nonce, p_greeting)
       :: !p_welcomes -> skip
       fi;
       p_welcomes = false;
#ifndef DOWN
       say_ack()
#endif
     }
#ifdef DOWN
  :: atomic { may_send -> sender_sends() }
#endif
  :: atomic { p_open && silent -> say(down, STATUS, p_theirs, p_nonce, 0, 0, 0) }
  od
}

/* The sender's clock and its users. */
active proctype Sender() {
  do
  :: atomic { overdue && (!healed || (idle && !ungreeted)) -> s_sent = s_acked }
  :: atomic { s_last < N && (s_unwritten || !planted(SEND_BEFORE_COMMIT)) ->
       s_unwritten = false;
       s_last++
     }
  :: atomic { s_last < N && !s_unwritten && planted(SEND_BEFORE_COMMIT) -> s_unwritten = true }
  od
}

inline sender_forgets() {
  s_acked = 0;
  s_unwritten = false;
  sender_closes()
}
inline receiver_forgets() {
  receiver_closes();
  r_batch = 0;
  r_batch_store = 0;
  r_committed = false;
  r_half = false;
  do
  :: i < N -> r_entry[i] = 0; i++
  :: else -> i = 0; break
  od
}
inline child_crashes() {
  c_open = false;
  c_theirs = 0;
  old_mine = 0;
  old_theirs = 0;
  fresh_child();
  c_greets = true;
#ifdef DOWN
  receiver_forgets()
#else
  sender_forgets()
#endif
}
inline parent_ends() {
  p_open = false;
  p_theirs = 0;
  p_nonce = 0;
  p_welcomes = false
}
inline parent_crashes() {
  parent_ends();
#ifdef DOWN
  sender_forgets()
#else
  receiver_forgets()
#endif
}
#ifdef DOWN
#define sender_crashes parent_crashes
#define receiver_crashes child_crashes
#else
#define sender_crashes child_crashes
#define receiver_crashes parent_crashes
#endif

/* Whatever a line does to its messages: loses, repeats, overtakes. */
inline spoil(line) {
  line?type, a, b, x, y, z;
  if
  :: true
  :: line!type, a, b, x, y, z
  :: nfull(line) -> line!type, a, b, x, y, z; say(line, type, a, b, x, y, z)
  fi;
  type = 0; a = 0; b = 0; x = 0; y = 0; z = 0
}

active proctype Storm() {
  mtype type;
  byte a, b, x, y, z;
  do
  :: atomic { nempty(up) -> spoil(up) }
  :: atomic { nempty(down) -> spoil(down) }
  :: atomic { faults < FAULTS -> faults++; lose_session() } /* the line is down and up, or silent */
  :: atomic { faults < FAULTS && p_open -> /* silence */
       faults++;
       parent_ends();
#ifdef DOWN
       sender_closes()
#else
       receiver_closes()
#endif
     }
  :: atomic { faults < FAULTS -> faults++; child_crashes() }
  :: atomic { faults < FAULTS -> faults++; parent_crashes() }
  :: atomic { faults < FAULTS && r_batch > 0 && !r_half -> /* the disk is full */
       faults++;
       r_batch = 0;
       r_batch_store = 0;
       r_received = held;
       do
       :: i < N -> r_entry[i] = 0; i++
       :: else -> i = 0; break
       od
     }
  :: atomic { s_store < STORES -> /* the sender begins a new store */
       sender_crashes();
       s_store++;
       s_last = 0
     }
  :: atomic { r_disk + 1 < DISKS -> /* the receiver's disk is gone */
       receiver_crashes();
       r_disk++;
       do
       :: i < N * STORES -> d_entry[i] = 0; i++
       :: else -> i = 0; break
       od
     }
#ifndef NO_END
  :: atomic { healed = true; faults = FAULTS; break }
#endif
  od
}

ltl progress { (<> healed) -> (<> [] done) }
