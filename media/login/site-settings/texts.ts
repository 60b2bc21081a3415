/** What the page of the site says, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  title: "Name, address and seats",
  name: "Name of the site",
  nameHint: "Customers and representatives read it on every page.",
  address: "Address of the site",
  addressHint:
    "How everybody reaches it, such as https://support.example.org: in e-mails, and where customers’ programs and consoles connect to. Name servers must know it.",
  badAddress: "Write an address such as https://support.example.org.",
  otherCertificate:
    "The certificate in the server’s files is for another name: with this address the server would not start.",
  seats: "Seats",
  seatsHint: "Representatives who may work at the same time.",
  fixed: "What cannot be changed here is set where the server is started.",
  saved: "Saved.",
  waits: "What you have saved holds from the next start of the server on.",
  restart: "Restart the server",
  notCertified: (address: string) =>
    `The certificate is not for ${address}: browsers will warn of it.`,
  toCertificate: "To the certificate",
};

/** The same in French. */
export const fr: typeof en = {
  title: "Nom, adresse et postes",
  name: "Nom du site",
  nameHint: "Les clients et les représentants le lisent sur chaque page.",
  address: "Adresse du site",
  addressHint:
    "Comment tout le monde l’atteint, par exemple https://support.exemple.org : dans les courriels, et là où se connectent les programmes des clients et les consoles. Les serveurs de noms doivent la connaître.",
  badAddress: "Écrivez une adresse telle que https://support.exemple.org.",
  otherCertificate:
    "Le certificat dans les fichiers du serveur est pour un autre nom : avec cette adresse, le serveur ne démarrerait pas.",
  seats: "Postes",
  seatsHint: "Représentants qui peuvent travailler en même temps.",
  fixed: "Ce qui ne peut pas être changé ici est réglé là où le serveur est démarré.",
  saved: "Enregistré.",
  waits: "Ce que vous avez enregistré vaut à partir du prochain démarrage du serveur.",
  restart: "Redémarrer le serveur",
  notCertified: (address) =>
    `Le certificat n’est pas pour ${address} : les navigateurs avertiront.`,
  toCertificate: "Vers le certificat",
};
