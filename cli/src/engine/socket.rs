//! The socket that requests come in by. This process holds it: while workerd is started anew, connections wait instead of
//! being refused.

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use std::{
    net::{SocketAddr, TcpListener},
    os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd},
};

pub struct Listener(TcpListener);

impl Listener {
    /// Fails at once, rather than after a build of minutes, when something else listens there.
    pub fn bind(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address)
            .with_context(|| format!("{address} cannot be listened on: choose another with --port or --address"))?;
        Ok(Self(listener))
    }

    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    /// Its number in this process, and in a child that is started with [`shared_with_child`].
    pub fn number(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Starts a child that has these files and sockets; no child that is started later has them.
pub fn shared_with_child<T>(files: &[BorrowedFd], start: impl FnOnce() -> T) -> Result<T> {
    let set = |flag| files.iter().try_for_each(|file| fcntl(file, FcntlArg::F_SETFD(flag)).map(drop));
    set(FdFlag::empty())?;
    let started = start();
    set(FdFlag::FD_CLOEXEC)?;
    Ok(started)
}
