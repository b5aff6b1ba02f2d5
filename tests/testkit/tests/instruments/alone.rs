//! One call on its own: it returns, panics, polls in a loop, or is never woken again.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use testkit::{Call, Ended, alone, vt};
use tokio::task::yield_now;
use tokio::time::sleep;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn a_call_that_borrows_and_is_not_send_returns() {
    let shared = Rc::new(Cell::new(0));
    let call = alone(2, async {
        sleep(DAY).await;
        shared.set(7);
        shared.get()
    });
    assert_eq!(vt(call).0, Call { ended: Ended::Returned(7), after: DAY });
}

#[test]
fn a_panic_is_told_from_a_return() {
    let call = vt(alone(9, async {
        sleep(DAY).await;
        panic!("no bytes")
    }));
    assert_eq!(call.0, Call { ended: Ended::<()>::Panicked("no bytes".to_owned()), after: DAY });
}

#[test]
fn a_loop_is_told_from_a_wait_that_never_ends() {
    let restless = alone(9, async {
        loop {
            yield_now().await;
        }
    });
    assert_eq!(vt(restless).0.ended, Ended::<()>::Restless);
    assert_eq!(vt(alone(9, pending::<()>())).0.ended, Ended::Stuck);
}
