window.YTD.following.part0 = [
  {
    "following": {
      "accountId": "9002",
      "userLink": "https://twitter.com/intent/user?user_id=9002"
    }
  }
]