//! A scripted server that logs begin and end of each call; one named test for each promise.

mod retry {
    use std::time::Duration;

    use tokio::time::sleep;

    /// Calls `request` until it succeeds, at most 6 times, and returns what the last call returned.
    ///
    /// The first call is made at once. After a call has failed, the next one is made 1 s later, then 2 s later,
    /// then 4 s later, and from then on 8 s later. There is no pause after a call that succeeds, nor after the
    /// sixth.
    pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
        let mut pause = Duration::from_secs(1);
        for _ in 1..6 {
            match request().await {
                Ok(value) => return Ok(value),
                Err(_) => sleep(pause).await,
            }
            pause = (2 * pause).min(Duration::from_secs(8));
        }
        request().await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::retry::retry;

    type Answer = Result<u32, &'static str>;

    /// Gives the answers one after the other, each after its number of milliseconds.
    struct Server {
        script: VecDeque<(u64, Answer)>,
        begun: Vec<Instant>,
        ended: Vec<Instant>,
    }

    impl Server {
        fn new(script: impl IntoIterator<Item = (u64, Answer)>) -> Self {
            Self { script: script.into_iter().collect(), begun: Vec::new(), ended: Vec::new() }
        }

        async fn request(&mut self) -> Answer {
            self.begun.push(Instant::now());
            let (millis, answer) = self.script.pop_front().expect("a call too many");
            if millis > 0 {
                sleep(Duration::from_millis(millis)).await;
            }
            self.ended.push(Instant::now());
            answer
        }

        /// From the end of each call to the beginning of the next one.
        fn pauses(&self) -> Vec<Duration> {
            self.begun.iter().skip(1).zip(&self.ended).map(|(begun, ended)| *begun - *ended).collect()
        }
    }

    fn seconds(list: &[u64]) -> Vec<Duration> {
        list.iter().map(|seconds| Duration::from_secs(*seconds)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_call_is_made_at_once_and_a_success_ends_it() {
        let mut server = Server::new([(0, Ok(7))]);
        let start = Instant::now();
        assert_eq!(retry(async || server.request().await).await, Ok(7));
        assert_eq!(server.begun, [start]);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn six_failures_return_the_last_one_without_another_pause() {
        let errors = ["first", "second", "third", "fourth", "fifth", "sixth"];
        let mut server = Server::new(errors.map(|error| (0, Err(error))));
        let start = Instant::now();
        assert_eq!(retry(async || server.request().await).await, Err("sixth"));
        assert_eq!(server.begun[0], start);
        assert_eq!(server.pauses(), seconds(&[1, 2, 4, 8, 8]));
        assert_eq!(start.elapsed(), Duration::from_secs(23));
    }

    #[tokio::test(start_paused = true)]
    async fn no_pause_follows_a_success() {
        for failures in 0..6 {
            let mut script = vec![(0, Err("busy")); failures];
            script.push((0, Ok(failures as u32)));
            let mut server = Server::new(script);
            assert_eq!(retry(async || server.request().await).await, Ok(failures as u32));
            assert_eq!(server.pauses(), seconds(&[1, 2, 4, 8, 8][..failures]));
            assert_eq!(*server.ended.last().unwrap(), Instant::now());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn slow_calls_are_awaited_and_do_not_shorten_the_pauses() {
        let mut server =
            Server::new([500, 3_000, 0, 60_000, 8_000, 1_500].map(|millis| (millis, Err("busy"))));
        let start = Instant::now();
        assert_eq!(retry(async || server.request().await).await, Err("busy"));
        assert_eq!(server.begun[0], start);
        assert_eq!(server.pauses(), seconds(&[1, 2, 4, 8, 8]));
        assert_eq!(server.ended.len(), 6);
        assert_eq!(server.ended[5], Instant::now());
    }

    #[tokio::test(start_paused = true)]
    async fn two_at_the_same_time_do_not_share_their_pauses() {
        let mut one = Server::new(vec![(0, Err("one")); 6]);
        let mut other = Server::new([(0, Err("other")), (10, Err("other")), (0, Ok(3))]);
        let (first, second) =
            tokio::join!(retry(async || one.request().await), retry(async || other.request().await));
        assert_eq!((first, second), (Err("one"), Ok(3)));
        assert_eq!(one.pauses(), seconds(&[1, 2, 4, 8, 8]));
        assert_eq!(other.pauses(), seconds(&[1, 2]));
    }
}

#[tokio::main]
async fn main() {
    let mut calls = 0;
    let outcome = retry::retry(async || {
        calls += 1;
        if calls == 3 { Ok("uploaded") } else { Err("busy") }
    });
    println!("{:?}", outcome.await);
}
