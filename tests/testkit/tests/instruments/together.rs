//! Each of many calls is told how and when it ended, whatever became of the others.

use std::future::pending;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::time::Duration;

use testkit::{Call, Ended, panic_of, together, vt};
use tokio::time::sleep;

const HOUR: Duration = Duration::from_secs(3600);

type Calling = Pin<Box<dyn Future<Output = u32> + Send>>;

fn calls() -> Vec<Call<u32>> {
    let calls: [Calling; 4] = [
        Box::pin(async {
            sleep(HOUR).await;
            7
        }),
        Box::pin(async {
            sleep(HOUR / 2).await;
            resume_unwind(Box::new("no luck"))
        }),
        Box::pin(async {
            loop {
                sleep(Duration::from_millis(1)).await;
            }
        }),
        Box::pin(pending()),
    ];
    vt(together(20, calls)).0
}

#[test]
fn each_call_has_its_own_end() {
    let calls = calls();
    assert_eq!(calls[0], Call { ended: Ended::Returned(7), after: HOUR });
    assert_eq!(calls[1].ended, Ended::Panicked("no luck".to_owned()));
    assert_eq!(calls[2].ended, Ended::Restless);
    assert_eq!(calls[3].ended, Ended::Stuck);
    let how: Vec<_> = calls.iter().map(Call::how).collect();
    assert_eq!(
        how,
        ["returned 7 after 60 min", "panicked with \"no luck\"", "asked in a loop", "never returned"]
    );
}

#[test]
fn what_did_not_return_is_told_to_the_learner() {
    let mut calls = calls().into_iter();
    assert_eq!(calls.next().unwrap().returned("`nap`"), 7);
    for (call, said) in
        calls.zip(["`nap` panicked: no luck", "`nap` was polled again and again", "`nap` never returned."])
    {
        let text = panic_of(|| call.returned("`nap`")).unwrap_err();
        assert!(text.starts_with(said), "{text}");
    }
}
