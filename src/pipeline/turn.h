#pragma once

/// What ThreadSanitizer has to be told of the flow graph; nothing at all in other builds.
///
/// It does not see how oneTBB hands work from one thread to another: that happens in a library it
/// was not built into. So it is told what the flow graph promises, and no more: who takes his turn
/// after another's has ended, with the same message or in the same serial stage, sees what the
/// other did. What runs side by side is still held against each other.
namespace smalti::pipeline {

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
inline void begin_after(const void* what) { __tsan_acquire(const_cast<void*>(what)); }
inline void end_before(const void* what) { __tsan_release(const_cast<void*>(what)); }
#else
inline void begin_after(const void*) {}
inline void end_before(const void*) {}
#endif

/// A stage's turn: after all earlier ones with `what`, before all later ones, and before the end of
/// the run.
class Turn {
 public:
  Turn(const void* what, const void* run) : what_(what), run_(run) { begin_after(what_); }
  ~Turn() {
    end_before(what_);
    end_before(run_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  const void* what_;
  const void* run_;
};

}  // namespace smalti::pipeline
