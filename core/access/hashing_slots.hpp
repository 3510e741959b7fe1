#pragma once

namespace core::access {

/// A counting semaphore that all processes of the responder share: it bounds how many of them hash a password at once.
/// To hash takes some 20 ms. If all processes hashed, a flood of wrong passwords would leave no process for clients
/// whose login needs no hash. This class is the port; fcgi/socket_slots implements it.
class HashingSlots {
  public:
    virtual ~HashingSlots() = default;

    /// Acquires the semaphore: takes a slot. When no slot is free, waits for one up to a second if may_wait; meanwhile
    /// this process serves no other client. Returns false when it got no slot. After true, leave() must follow before
    /// the next enter().
    virtual bool enter(bool may_wait) = 0;

    /// Releases the semaphore: gives the slot back. Precondition: enter() returned true.
    virtual void leave() = 0;
};

/// Takes a slot, if it gets one, and gives it back at the end of its life. slots must outlive this object.
class HashingSlot {
  public:
    HashingSlot(HashingSlots& slots, bool may_wait) : slots_{slots}, entered_{slots.enter(may_wait)} {}
    ~HashingSlot() {
        if (entered_) slots_.leave();
    }
    HashingSlot(const HashingSlot&) = delete;
    HashingSlot& operator=(const HashingSlot&) = delete;

    /// Whether it got a slot.
    explicit operator bool() const { return entered_; }

  private:
    HashingSlots& slots_;
    bool entered_;
};

}  // namespace core::access
