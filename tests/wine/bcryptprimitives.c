/* Rust's standard library draws random numbers from `bcryptprimitives.dll`, which every Windows has and Wine before 9 does not. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return RtlGenRandom(data, (ULONG)length);
}
