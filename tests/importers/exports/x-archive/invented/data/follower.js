window.YTD.follower.part0 = [
  {
    "follower": {
      "accountId": "9003",
      "userLink": "https://twitter.com/intent/user?user_id=9003"
    }
  },
  {
    "follower": {
      "accountId": "9005",
      "userLink": "https://twitter.com/intent/user?user_id=9005"
    }
  }
]