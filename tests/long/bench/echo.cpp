// A FastCGI responder that does nothing: libfcgi's own accept loop, and always the same body. No responder behind this
// web server can cost less; `make bench` compares ours with it.
//
// echo BODY-FILE: FastCGI on descriptor 0.

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
