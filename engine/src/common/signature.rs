//! Simulated signatures: only who holds an agent's key can sign for it, and everyone can check it.
//! Nothing here is secure; what counts is that no code path can forge.

use std::sync::Arc;

use serde::ser::{SerializeSeq as _, SerializeStruct as _};
use serde::{Serialize, Serializer};

use crate::sim::AgentId;
use crate::sim::rng::mix;

/// The number from which all keys are derived.
const ROOT: u64 = 0x5161_a7e5_0f5e_c3e7;

/// Contents that can be signed, by a number that differs when the contents differ.
pub trait Digest {
    fn digest(&self) -> u64;
}

/// The means to sign for one agent. Handed out once, when the agent is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    owner: AgentId,
    secret: u64,
}

impl Key {
    /// For the code that makes the swarm.
    #[must_use]
    pub fn issue(owner: AgentId) -> Self {
        Self { owner, secret: mix(ROOT ^ u64::from(owner.0)) }
    }

    /// Whom it signs for.
    #[must_use]
    pub fn owner(&self) -> AgentId {
        self.owner
    }

    fn sign(&self, digest: u64) -> Signature {
        Signature { signer: self.owner, code: code(self.secret, digest) }
    }
}

fn code(secret: u64, digest: u64) -> u32 {
    (mix(secret ^ mix(digest)) >> 32) as u32
}

/// An agent's signature under something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    signer: AgentId,
    code: u32,
}

impl Signature {
    #[must_use]
    pub fn signer(&self) -> AgentId {
        self.signer
    }

    /// As people see it: `5e1c90ab`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{:08x}", self.code)
    }
}

/// Something with the signatures under it; made and extended only with keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    content: T,
    /// Shared by all that hold the same: what is passed on is only read.
    signatures: Arc<Vec<Signature>>,
}

// Not derived, so that it is inlined: each message is counted in bytes, and most of a Byzantine vote's are signatures.
impl Serialize for Signature {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Signature", 2)?;
        fields.serialize_field("signer", &self.signer)?;
        fields.serialize_field("code", &self.code)?;
        fields.end()
    }
}

struct Signatures<'a>(&'a [Signature]);

impl Serialize for Signatures<'_> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_seq(Some(self.0.len()))?;
        for signature in self.0 {
            items.serialize_element(signature)?;
        }
        items.end()
    }
}

impl<T: Serialize> Serialize for Signed<T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Signed", 2)?;
        fields.serialize_field("content", &self.content)?;
        fields.serialize_field("signatures", &Signatures(&self.signatures))?;
        fields.end()
    }
}

impl<T: Digest> Signed<T> {
    #[must_use]
    pub fn new(content: T, key: &Key) -> Self {
        let signature = key.sign(content.digest());
        Self { content, signatures: Arc::new(vec![signature]) }
    }

    /// Adds a signature, unless it is there already.
    pub fn countersign(&mut self, key: &Key) {
        if !self.signatures.iter().any(|signature| signature.signer == key.owner) {
            Arc::make_mut(&mut self.signatures).push(key.sign(self.content.digest()));
        }
    }

    #[must_use]
    pub fn content(&self) -> &T {
        &self.content
    }

    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Whether all signatures are genuine, and no two are of one agent.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        let digest = self.content.digest();
        let genuine = |(place, signature): (usize, &Signature)| {
            let earlier = &self.signatures[..place];
            Key::issue(signature.signer).sign(digest) == *signature
                && earlier.iter().all(|other| other.signer != signature.signer)
        };
        !self.signatures.is_empty() && self.signatures.iter().enumerate().all(genuine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug)]
    struct Word(u64);

    impl Digest for Word {
        fn digest(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn what_is_signed_is_genuine_until_someone_touches_it() {
        let mut signed = Signed::new(Word(1), &Key::issue(AgentId(4)));
        signed.countersign(&Key::issue(AgentId(2)));
        signed.countersign(&Key::issue(AgentId(2)));
        let signers: Vec<u32> = signed.signatures().iter().map(|it| it.signer().0).collect();
        assert_eq!(signers, [4, 2]);
        assert!(signed.is_genuine());
        let other = Signed { content: Word(2), signatures: signed.signatures.clone() };
        assert!(!other.is_genuine(), "signatures hold for what was signed");
        let mut of_another = signed.clone();
        Arc::make_mut(&mut of_another.signatures)[1].signer = AgentId(3);
        assert!(!of_another.is_genuine(), "and for who signed");
        let mut twice = signed.clone();
        Arc::make_mut(&mut twice.signatures).push(signed.signatures[0]);
        assert!(!twice.is_genuine(), "nobody counts twice");
        assert!(!Signed { content: Word(1), signatures: Arc::default() }.is_genuine());
    }
}
