//! Random bytes from the operating system, fetched in blocks: one system call serves hundreds of codes.

use zeroize::Zeroizing;

use super::error::VaultError;

/// A supply of random bytes.
pub(super) struct Random {
    block: Zeroizing<[u8; 4096]>,
    used: usize,
}

impl Random {
    pub(super) fn new() -> Result<Self, VaultError> {
        let mut random = Self { block: Zeroizing::new([0; 4096]), used: 4096 };
        random.refill().map_err(|reason| VaultError::Io { path: "system randomness".to_owned(), reason })?;
        Ok(random)
    }

    fn refill(&mut self) -> Result<(), String> {
        getrandom::fill(self.block.as_mut_slice()).map_err(|error| error.to_string())?;
        self.used = 0;
        Ok(())
    }

    /// The next `N` bytes; each is given once.
    #[expect(clippy::expect_used, reason = "a system that stops giving randomness must stop the ledger")]
    pub(super) fn take<const N: usize>(&mut self) -> [u8; N] {
        if self.used + N > self.block.len() {
            self.refill().expect("the operating system gives randomness");
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.block[self.used..self.used + N]);
        self.used += N;
        bytes
    }
}
