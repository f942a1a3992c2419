window.YTD.account.part0 = [
  {
    "account": {
      "email": "nobody@example.org",
      "createdVia": "web",
      "username": "plaza_voices",
      "accountId": "9001",
      "createdAt": "2010-05-15T12:00:00.000Z",
      "accountDisplayName": "Plaza Voices"
    }
  }
]