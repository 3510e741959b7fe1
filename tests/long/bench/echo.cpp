// echo BODY-FILE: a FastCGI responder on fd 0 that answers every request with the content of a file, by libfcgi's own
// accept loop. No responder behind the same web server can cost less. `make bench` compares ours with it.

#include <fcgiapp.h>

#include <fstream>
#include <iterator>
#include <string>

int main(int, char** argv) {
    std::ifstream file{argv[1], std::ios::binary};
    const std::string body{std::istreambuf_iterator<char>{file}, {}};
    const std::string answer = "Status: 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\nCache-Control: no-store\r\n\r\n" + body;
    FCGX_Request request;
    FCGX_Init();
    FCGX_InitRequest(&request, 0, 0);
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_PutStr(answer.data(), static_cast<int>(answer.size()), request.out);
        FCGX_Finish_r(&request);
    }
}
