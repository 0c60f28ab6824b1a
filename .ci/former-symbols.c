// Linked into the archives' program, so that it starts where glibc is 2.34 and libstdc++ that of GCC 11, as on RHEL 9.
//
// Three functions have newer versions where archives are made. Their former versions are in every glibc and libstdc++.

// Mentioned by swift-numerics and called by nothing here. The former ones compute the same and set errno.
double former_hypot(double x, double y);
float former_hypotf(float x, float y);
__asm__(".symver former_hypot, hypot@GLIBC_2.2.5");
__asm__(".symver former_hypotf, hypotf@GLIBC_2.2.5");

double __wrap_hypot(double x, double y) { return former_hypot(x, y); }
float __wrap_hypotf(float x, float y) { return former_hypotf(x, y); }

// std::condition_variable::wait, of Swift's runtime. The newer one may throw nothing; the former one waits the same way.
void former_wait(void *condition, void *lock);
__asm__(".symver former_wait, _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE@GLIBCXX_3.4.11");

void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(void *condition, void *lock) {
    former_wait(condition, lock);
}
