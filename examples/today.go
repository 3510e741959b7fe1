// today URL USERNAME [START [END]], with the password in PASSWORD: how each queue of the person's customer did, from
// START until END (Unix seconds; without them since midnight). URL is the server's, such as https://pbx.example.com
//
//	PASSWORD=... go run today.go https://pbx.example.com alice
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

var client = http.Client{Timeout: 20 * time.Second}

// ask reads the data of a function's answer into data. A POST keeps passwords and tokens out of the URL.
func ask(server, function string, parameters url.Values, data any) {
	answer, err := client.PostForm(server+"/api/json/"+function+"/", parameters)
	if err != nil {
		fail(err)
	}
	defer answer.Body.Close()
	var body struct {
		Responses []struct{ Code, Key, Message string }
		Data      json.RawMessage
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		fail(err)
	}
	if answer.StatusCode != http.StatusOK {
		for _, entry := range body.Responses {
			if entry.Key != "" {
				fmt.Fprint(os.Stderr, entry.Key, ": ")
			}
			fmt.Fprintln(os.Stderr, entry.Message)
		}
		os.Exit(1)
	}
	if err := json.Unmarshal(body.Data, data); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	arguments := append(os.Args[1:], "", "")
	server, username, start, end := arguments[0], arguments[1], arguments[2], arguments[3]
	if start == "" {
		year, month, day := time.Now().Date()
		start = strconv.FormatInt(time.Date(year, month, day, 0, 0, 0, 0, time.Local).Unix(), 10)
	}

	var login struct {
		Token string `json:"auth_token"`
	}
	ask(server, "user/login", url.Values{"auth_username": {username}, "auth_password": {os.Getenv("PASSWORD")},
		"token": {"1"}}, &login)
	var queues []struct {
		ID   int64
		Name string
	}
	ask(server, "queues/list", url.Values{"auth_token": {login.Token}}, &queues)

	fmt.Printf("%-24s %8s %8s %8s %8s\n", "queue", "calls", "answered", "waiting", "% in 20s")
	for _, queue := range queues {
		var figures struct {
			Calls         int64
			Answered      int64 `json:"calls_answered"`
			Waiting       int64 `json:"calls_waiting"`
			ServiceLevels []struct {
				Percent *json.Number
			} `json:"service_levels"`
		}
		ask(server, "queues/statistics/get", url.Values{"auth_token": {login.Token}, "start": {start}, "end": {end},
			"id": {strconv.FormatInt(queue.ID, 10)}, "service_level": {"20"}}, &figures)
		percent := "-"
		if number := figures.ServiceLevels[0].Percent; number != nil {
			percent = number.String()
		}
		fmt.Printf("%-24s %8d %8d %8d %8s\n", queue.Name, figures.Calls, figures.Answered, figures.Waiting, percent)
	}
}
