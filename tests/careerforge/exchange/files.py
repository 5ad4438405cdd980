"""Files as other programs make them, for imports to read."""

import io
import zipfile
from collections.abc import Mapping

LINKEDIN = {
    "Profile.csv": (
        "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,Geo Location,Twitter Handles,Websites,"
        "Instant Messengers\n"
        'Zoë,"O’Neil, Jr.",,12 Hidden Street,"Mar 3, 1990",Data Engineer,"I build pipelines.\nAnd I test them.",IT,10115,'
        '"Berlin, Germany",,"[PORTFOLIO:https://zoe.example.org,COMPANY:https://acme.example.com/about]",\n'
    ),
    "Positions.csv": (
        "Company Name,Title,Description,Location,Started On,Finished On\n"
        'Acme,Lead Engineer,"• Led six people\n• Cut costs, twice",Berlin,Jan 2020,\n'
        "Globex,Engineer,,,2016,Dec 2019\n"
    ),
    "Education.csv": (
        "School Name,Start Date,End Date,Notes,Degree Name,Activities\nTU Berlin,2012,2016,,BSc Computer Science,Choir\n"
    ),
    "Skills.csv": "Name\nPython\nSQL\npython\n",
    "Languages.csv": "Name,Proficiency\nGerman,Native or bilingual proficiency\nEnglish,Full professional proficiency\nLatin,\n",
    "Certifications.csv": (
        "Name,Url,Authority,Started On,Finished On,License Number\n"
        "CKA,https://example.org/cka,Linux Foundation,Feb 2021,,LF-1\n"
    ),
    "Projects.csv": "Title,Description,Url,Started On,Finished On\nTimetable,Shows trains.,https://github.com/zoe/t,May 2019,Jul 2019\n",
    "Publications.csv": 'Name,Published On,Description,Publisher,Url\nOn Queues,"May 4, 2018",,Journal,\n',
    "Honors.csv": "Title,Description,Issued On\nBest Thesis,,Jun 2016\n",
    "Email Addresses.csv": (
        "Email Address,Confirmed,Primary,Updated On\nold@example.org,Yes,No,1/1/20\nzoe@example.org,Yes,Yes,1/1/24\n"
    ),
    "PhoneNumbers.csv": "Extension,Number,Type\n,+49 30 123456,Mobile\n",
    "Connections.csv": (
        'Notes:\n"When exporting your connection data, some emails are missing."\n\nFirst Name,Last Name,Email Address\nA,B,c@d.ee\n'
    ),
}


def zipped(files: Mapping[str, str | bytes], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return out.getvalue()


PASSPORT = """<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="en">
  <DocumentInfo><DocumentType>ECV</DocumentType><XSDVersion>V3.3</XSDVersion></DocumentInfo>
  <LearnerInfo>
    <Identification>
      <PersonName><FirstName>Élodie</FirstName><Surname>Martin</Surname></PersonName>
      <ContactInfo>
        <Address><Contact><AddressLine>1 rue Cachée</AddressLine><PostalCode>69001</PostalCode><Municipality>Lyon</Municipality>
          <Country><Code>FR</Code><Label>France</Label></Country></Contact></Address>
        <Email><Contact>elodie@example.org</Contact></Email>
        <TelephoneList><Telephone><Contact>+33 4 12 34 56</Contact><Use><Code>mobile</Code></Use></Telephone></TelephoneList>
        <WebsiteList><Website><Contact>elodie.example.org</Contact></Website></WebsiteList>
      </ContactInfo>
      <Demographics><Birthdate year="1990" month="--02" day="---01"/></Demographics>
    </Identification>
    <Headline><Type><Code>preferred_job</Code></Type><Description><Label>Nurse</Label></Description></Headline>
    <Headline><Type><Code>personal_statement</Code></Type><Description><Label>I care.</Label></Description></Headline>
    <WorkExperienceList>
      <WorkExperience>
        <Period><From year="2018" month="--03" day="---01"/><Current>true</Current></Period>
        <Position><Code>1</Code><Label>Head nurse</Label></Position>
        <Activities>&lt;p&gt;Runs a ward.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;12 colleagues&lt;/li&gt;&lt;li&gt;Rosters &amp;amp; stock&lt;/li&gt;
        &lt;/ul&gt;</Activities>
        <Employer><Name>Hôpital Saint-Louis</Name><ContactInfo><Address><Contact><Municipality>Lyon</Municipality>
          <Country><Code>FR</Code><Label>France</Label></Country></Contact></Address></ContactInfo></Employer>
      </WorkExperience>
      <WorkExperience>
        <Period><From year="2012"/><To year="2018" month="--02"/><Current>false</Current></Period>
        <Position><Label>Nurse</Label></Position><Employer><Name>Clinique</Name></Employer>
      </WorkExperience>
    </WorkExperienceList>
    <EducationList><Education>
      <Period><From year="2009"/><To year="2012"/></Period><Title>Diplôme d’État</Title>
      <Organisation><Name>IFSI Lyon</Name></Organisation><Field><Code>72</Code><Label>Health</Label></Field>
    </Education></EducationList>
    <Skills>
      <Linguistic>
        <MotherTongueList><MotherTongue><Description><Code>fr</Code><Label>French</Label></Description></MotherTongue></MotherTongueList>
        <ForeignLanguageList><ForeignLanguage><Description><Code>en</Code><Label>English</Label></Description>
          <ProficiencyLevel><Listening>C1</Listening><Reading>C1</Reading><SpokenInteraction>B2</SpokenInteraction>
          <SpokenProduction>B2</SpokenProduction><Writing>B1</Writing></ProficiencyLevel></ForeignLanguage></ForeignLanguageList>
      </Linguistic>
      <Communication><Description>I listen well and I explain difficult matters to patients.</Description></Communication>
      <Computer><Description>Word, Excel; PowerPoint</Description></Computer>
    </Skills>
    <AchievementList>
      <Achievement><Title><Code>publications</Code><Label>Publications</Label></Title>
        <Description>&lt;ul&gt;&lt;li&gt;On Wards&lt;/li&gt;&lt;li&gt;On Shifts&lt;/li&gt;&lt;/ul&gt;</Description></Achievement>
      <Achievement><Title><Code>certifications</Code></Title><Description>First aid</Description></Achievement>
      <Achievement><Title><Code>references</Code><Label>References</Label></Title><Description>Dr. Who</Description></Achievement>
    </AchievementList>
  </LearnerInfo>
</SkillsPassport>
"""

CANDIDATE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Candidate xsi:schemaLocation="http://www.europass.eu/1.0 Candidate.xsd" xmlns="http://www.europass.eu/1.0"
    xmlns:oa="http://www.openapplications.org/oagis/9" xmlns:eures="http://www.europass_eures.eu/1.0"
    xmlns:hr="http://www.hr-xml.org/3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <CandidatePerson>
    <PersonName><oa:GivenName>Jana</oa:GivenName><hr:FamilyName>Nováková</hr:FamilyName></PersonName>
    <Communication><ChannelCode>Email</ChannelCode><oa:URI>jana@example.org</oa:URI></Communication>
    <Communication><ChannelCode>Telephone</ChannelCode><CountryDialing>420</CountryDialing><oa:DialNumber>0601123456</oa:DialNumber>
    </Communication>
    <Communication><ChannelCode>Web</ChannelCode><oa:URI>https://jana.example.org</oa:URI></Communication>
    <Communication><Address type="home"><oa:CityName>Praha</oa:CityName><CountryCode>cz</CountryCode></Address></Communication>
    <hr:BirthDate>1990-05-05</hr:BirthDate>
    <PrimaryLanguageCode name="NORMAL">ces</PrimaryLanguageCode>
  </CandidatePerson>
  <CandidateProfile languageCode="en">
    <hr:ExecutiveSummary>&lt;p&gt;I &lt;b&gt;count&lt;/b&gt; things.&lt;/p&gt;</hr:ExecutiveSummary>
    <EmploymentHistory><EmployerHistory>
      <hr:OrganizationName>Banka</hr:OrganizationName>
      <PositionHistory>
        <PositionTitle>Auditor</PositionTitle>
        <eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>2021-10</hr:FormattedDateTime></eures:StartDate>
          <hr:CurrentIndicator>true</hr:CurrentIndicator></eures:EmploymentPeriod>
        <oa:Description>&lt;ol&gt;&lt;li&gt;Found errors&lt;/li&gt;&lt;/ol&gt;</oa:Description><City>Praha</City><Country>cz</Country>
      </PositionHistory>
      <PositionHistory>
        <PositionTitle>Trainee</PositionTitle>
        <eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>2019</hr:FormattedDateTime></eures:StartDate>
          <eures:EndDate><hr:FormattedDateTime>2021-09-30</hr:FormattedDateTime></eures:EndDate></eures:EmploymentPeriod>
      </PositionHistory>
    </EmployerHistory></EmploymentHistory>
    <EducationHistory><EducationOrganizationAttendance>
      <hr:OrganizationName>Univerzita Karlova</hr:OrganizationName>
      <AttendancePeriod><StartDate><hr:FormattedDateTime>2014-09</hr:FormattedDateTime></StartDate>
        <EndDate><hr:FormattedDateTime>2019-06</hr:FormattedDateTime></EndDate><Ongoing>false</Ongoing></AttendancePeriod>
      <EducationDegree><hr:DegreeName>Magistr</hr:DegreeName></EducationDegree>
    </EducationOrganizationAttendance></EducationHistory>
    <PersonQualifications>
      <PersonCompetency><hr:CompetencyID schemeName="NORMAL">eng</hr:CompetencyID><hr:TaxonomyID>language</hr:TaxonomyID>
        <eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Understanding-Listening</hr:CompetencyDimensionTypeCode>
          <eures:Score><hr:ScoreText>C2</hr:ScoreText></eures:Score></eures:CompetencyDimension>
        <eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Writing-Production</hr:CompetencyDimensionTypeCode>
          <eures:Score><hr:ScoreText>C1</hr:ScoreText></eures:Score></eures:CompetencyDimension></PersonCompetency>
    </PersonQualifications>
    <Others><Title>Hobbies</Title><Other><Title>Chess</Title></Other></Others>
  </CandidateProfile>
</Candidate>
"""
